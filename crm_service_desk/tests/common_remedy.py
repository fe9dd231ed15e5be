import uuid

from odoo.fields import Command
from odoo.tests import new_test_user

from .common import ServiceDeskCase


class RemedyCase(ServiceDeskCase):
    """Agus has Siti's complaint and offers her remedies; his team may give a coupon and the points of one club."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = new_test_user(
            cls.env, "lina.leads", groups="crm_service_desk.group_service_leader", name="Lina", email="l@braga.example"
        )
        programs = cls.env["loyalty.program"]
        cls.coupons = programs.create(
            {
                "name": "Free latte",
                "program_type": "coupons",
                "reward_ids": [
                    Command.create({"reward_type": "discount", "discount_mode": "per_order", "discount": 25.0})
                ],
            }
        )
        cls.points = programs.create(
            {
                "name": "Braga points",
                "program_type": "loyalty",
                "portal_point_name": "points",
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_point",
                            "discount": 0.5,
                            "required_points": 10,
                        }
                    )
                ],
            }
        )
        cls.card = cls.env["loyalty.card"].create({"program_id": cls.points.id, "partner_id": cls.siti.id, "points": 100})
        cls.team.write(
            {"user_id": cls.leader.id, "remedy_program_ids": (cls.coupons | cls.points).ids, "remedy_limit": 0}
        )
        cls.ticket = cls.new_ticket(user_id=cls.agent.id)

    def wizard(self, kind, user=None, **values):
        values = {"ticket_id": self.ticket.id, "kind": kind, "text": "We are sorry.", **values}
        return self.env["service.remedy.wizard"].with_user(user or self.agent).create(values)

    def offer(self, kind, user=None, **values):
        """The remedy offered by ``user``, by default Agus; as superuser."""
        self.wizard(kind, user, **values).action_offer()
        return self.newest_remedy()

    def give(self, kind, user=None, **values):
        """As :meth:`offer`, given at once."""
        self.wizard(kind, user, **values).action_give()
        return self.newest_remedy()

    def newest_remedy(self):
        return self.ticket.remedy_ids.sorted("id")[-1:]

    def a_coupon(self, **values):
        return self.offer("coupon", program_id=self.coupons.id, **values)

    @staticmethod
    def key():
        return uuid.uuid4().hex
