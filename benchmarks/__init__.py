"""How fast the product answers on its production server: `make bench`, results in docs/performance.md.

As an app it is installed by `benchmarks.settings` alone: no product has its command and its addresses.
"""
