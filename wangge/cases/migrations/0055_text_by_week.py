"""Texts are found by what they hold and by the week they came in, in one index.

A word that many texts hold and none of the newest (ice in summer) is then looked for week by week, backwards, without
fetching every text that holds it. The week is a lexeme that only the index knows, `@2968`: no text can hold one.
"""

from django.db import migrations

FOUND_BY = """
create function cases_text_found_by(reported_at timestamptz, tokens tsvector) returns tsvector
language sql immutable parallel safe
return tokens || array_to_tsvector(
  array['@' || floor(extract(epoch from (reported_at - timestamptz '1970-01-01 00:00:00+00')) / 604800)::int::text])
"""
INDEX = "create index text_found_by on cases_text using gin (cases_text_found_by(reported_at, tokens))"


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0054_arrivals_told_later"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="casetext", name="text_tokens"),
        migrations.RunSQL([FOUND_BY, INDEX], ["drop index text_found_by", "drop function cases_text_found_by"]),
    ]
