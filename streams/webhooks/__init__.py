"""Webhooks: revisions and alerts posted to other people's servers, by Standard Webhooks 1.0."""
