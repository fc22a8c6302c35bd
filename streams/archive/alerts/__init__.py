"""The projection of `liveline.alerts` that a gateway keeps."""
