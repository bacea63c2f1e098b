"""The public web pages: templates, styles, and what is shown when."""
