//! Site -> folder; the only writer.
