"""The Robinson lists of the Data & Marketing Association: who wants no sales calls, or no post."""
