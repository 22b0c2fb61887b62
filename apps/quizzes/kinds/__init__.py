"""The kinds of question, each in a folder of its own: scoring, class, and the form, templates and script it has."""
