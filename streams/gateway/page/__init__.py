"""The live page, served whole and then live; the same for other people's pages; the client that both use."""
