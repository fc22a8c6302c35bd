"""What a source wrote, word by word: text made clean, bylines, pointers elsewhere, language tags."""
