"""What the operations of the registry are tried on."""

from typing import Any

from wangge.config.tests.access.case_targets import CaseTargets
from wangge.registry.tests import made as registry


class RegistryTargets(CaseTargets):
    # -- the registry -----------------------------------------------------------------------------------------------
    def make_resident(self) -> Any:
        return registry.person(self.world, "张三", values={"id_number": ""}).pk

    def make_second_resident(self) -> Any:
        return registry.person(self.world, "张叁", order=2, values={"id_number": ""}).pk

    def make_building(self) -> Any:
        return registry.building(self.world).pk

    def make_dwelling(self) -> Any:
        return registry.dwelling(self.world, registry.building(self.world)).pk

    def make_tie(self) -> Any:
        return registry.tie(self.world, self.make_third_resident(), self.make_dwelling())

    def make_third_resident(self) -> Any:
        return registry.person(self.world, "张仨", order=3).pk

    def make_merged(self) -> Any:
        return registry.merged(self.world, order=4)

    def make_difference(self) -> Any:
        return registry.difference(self.world, order=6)

    def make_household(self) -> Any:
        return registry.write(self.world, "household", {"number": "0001"}).record.pk

    def make_relative(self) -> Any:
        return registry.member(self.world, self.make_household(), order=7)

    def make_organisation(self) -> Any:
        return registry.write(self.world, "organisation", {"name": "桃叶超市", "kind": "enterprise"}).record.pk

    def make_care(self) -> Any:
        return registry.care(self.world, order=8)

    def make_part(self) -> Any:
        return registry.part(self.world, self.make_organisation())
