"""What a study leaves behind: a folder, its manifest, tables for papers, a page."""
