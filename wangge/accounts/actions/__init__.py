"""Every write about people: signing in, sessions, units, accounts, posts, roles, partner systems."""
