"""How fast the product answers on its production server: `make bench`, results in docs/performance.md."""
