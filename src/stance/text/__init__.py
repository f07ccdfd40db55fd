"""What any text consists of: paragraphs, turns, quotations, sentences, language, spans."""
