"""What Zalo's two interfaces have in common: plain text, numbered lines, links in place of files."""
