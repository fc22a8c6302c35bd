"""The forms of the alerts' projection over the versions of Liveline."""
