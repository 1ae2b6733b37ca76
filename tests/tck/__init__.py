"""The public test cases of DMN, asked of our evaluator; the cases themselves are no part of this repository."""
