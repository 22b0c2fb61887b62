"""The second factor: an app's codes, passkeys, recovery codes. allauth keeps them; who must have one is said here."""
