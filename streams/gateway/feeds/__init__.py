"""A coverage's newest entries in the forms that other programs read: Atom, RSS, JSON Feed, LiveBlogPosting, ninjs."""
