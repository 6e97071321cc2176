"""The libraries Weft is compared with, each in a worker process of its own."""
