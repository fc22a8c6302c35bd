"""Faust, changed in what loses or doubles documents."""
