"""Floor 2: the parts of a page: domain, directives, transforms, navigation."""
