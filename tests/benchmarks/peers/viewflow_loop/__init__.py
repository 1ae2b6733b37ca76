"""An application of Django, which is where django-viewflow looks for flows."""
