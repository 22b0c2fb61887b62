"""A case as a picture: where its scenes stand, which way its lines take, and what is written on them."""
