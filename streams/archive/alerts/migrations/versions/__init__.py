"""Alembic's revisions; one that was released is never changed."""
