"""A reader of the journal in a process of its own: keeps in a table how often it was handed each entry.

`make` makes the table (owner), `read N` reads on in batches of N until it has caught up.
"""

import os
import sys


def main(words: list[str]) -> None:
    from wangge.ground.cluster import Cluster
    from wangge.ground.home import home_folder
    from wangge.ground.psql import ask

    cluster = Cluster(home_folder())
    if words[0] == "make":
        ask(cluster.owner_url, "create table if not exists faults_seen (entry text primary key, times int not null)")
        return
    os.environ["DATABASE_URL"] = cluster.app_url
    import django

    django.setup()
    from django.db import connection

    from wangge.core import journal

    def note(batch: journal.Batch) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "insert into faults_seen values (%s, 1)"
                " on conflict (entry) do update set times = faults_seen.times + 1",
                [(str(entry.id),) for entry in batch.entries],
            )

    size = int(words[1])
    quiet = 0
    while quiet < 3:  # a move from one cluster to the next is a batch that may be short, too
        quiet = quiet + 1 if journal.read_once("faults", note, batch=size) == 0 else 0


if __name__ == "__main__":
    main(sys.argv[1:])
