"""The ground: the private database, the processes of `wangge up`, and what a command needs before it can run.

Not a Django app, and nothing imports it except `wangge.cli`, tests and benches. Modules here never import
Django, so that the supervisor stays small.
"""
