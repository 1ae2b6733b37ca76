"""The room that reads what designers draw: diagrams, forms, tables, expressions. Pure: text in, meaning out."""
