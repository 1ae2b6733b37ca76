"""The one home of SpiffWorkflow: diagrams become its specs, it plays the tokens, and we mend what it gets wrong."""
