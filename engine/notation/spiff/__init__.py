"""The one home of SpiffWorkflow: diagrams become its specs, it plays the tokens, and we mend what it gets wrong."""

import logging

# It reports every change of every token, and gathers what it would report before asking whether anybody listens. Our
# facts say what happened.
for _name in ("spiff", "spiff.workflow", "spiff.task", "spiff.data"):
    logging.getLogger(_name).setLevel(logging.WARNING)
