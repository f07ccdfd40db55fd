"""Files and folders become documents, and tables are read and written."""
