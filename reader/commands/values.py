"""A record as JSON, for the commands; the forms are `reader.records.json_fields`'s."""

from reader.records.json_fields import plain, problem_fields, record_fields, to_json

__all__ = ["plain", "problem_fields", "record_fields", "to_json"]
