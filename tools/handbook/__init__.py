"""Takes the pictures of docs/huong-dan/ from the running demo: `make handbook`."""
