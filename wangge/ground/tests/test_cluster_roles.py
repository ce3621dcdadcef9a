"""What the two roles may do, and that Chinese is text to the database."""

import pytest

from wangge.ground.cluster import Cluster
from wangge.ground.psql import Refused, ask


def test_the_application_owns_nothing_and_passes_by_no_policy(module_cluster: Cluster) -> None:
    rights = "select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user"
    assert ask(module_cluster.app_url, rights) == "f|f|f|f"
    with pytest.raises(Refused, match="permission denied for schema public"):
        ask(module_cluster.app_url, "create table mine (a int)")


def test_the_owner_is_no_superuser_and_may_install_what_we_need(module_cluster: Cluster) -> None:
    assert ask(module_cluster.owner_url, "select rolsuper from pg_roles where rolname = current_user") == "f"
    ask(module_cluster.owner_url, "create extension pg_trgm; create extension btree_gist")


def test_trigrams_are_found_in_chinese(module_cluster: Cluster) -> None:
    ask(module_cluster.owner_url, "create extension if not exists pg_trgm")
    assert ask(module_cluster.owner_url, "select cardinality(show_trgm('井盖破损')) > 3") == "t"
    assert ask(module_cluster.owner_url, "select '𠮷' ~ '[[:alpha:]]', char_length('𠮷')") == "t|1"


def test_nothing_listens_on_the_network(module_cluster: Cluster) -> None:
    assert ask(module_cluster.app_url, "show listen_addresses") == ""


def test_a_further_database_has_the_same_rights(module_cluster: Cluster) -> None:
    module_cluster.create_database("further")
    assert ask(module_cluster.url("wangge_owner", "further"), "create table t (a int); select 1") == "1"
    with pytest.raises(Refused, match="permission denied"):
        ask(module_cluster.url("wangge_app", "further"), "select * from t")
    module_cluster.drop_database("further")
    with pytest.raises(Refused, match="does not exist"):
        ask(module_cluster.url("wangge_app", "further"), "select 1")
