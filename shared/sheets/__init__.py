"""Files of rows as people send them: CSV however it was saved, and Excel workbooks."""
