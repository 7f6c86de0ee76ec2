"""The frame of all pages: who looks, what they sent, and how a page is laid out."""
