from odoo.fields import Command

from .common import ServiceDeskCase


class RemedyCase(ServiceDeskCase):
    """Agus has Siti's complaint and offers her remedies; his team may give a coupon and the points of one club."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
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
        cls.card = cls.env["loyalty.card"].create(
            {"program_id": cls.points.id, "partner_id": cls.siti.id, "points": 100}
        )
        cls.team.write(
            {"user_id": cls.leader.id, "remedy_program_ids": (cls.coupons | cls.points).ids, "remedy_limit": 0}
        )
        cls.ticket = cls.new_ticket(user_id=cls.agent.id)

    @classmethod
    def wizard(cls, kind, user=None, **values):
        values = {"ticket_id": cls.ticket.id, "kind": kind, "text": "We are sorry.", **values}
        return cls.env["service.remedy.wizard"].with_user(user or cls.agent).create(values)

    @classmethod
    def offer(cls, kind, user=None, **values):
        """The remedy offered by ``user``, by default Agus; as superuser."""
        cls.wizard(kind, user, **values).action_offer()
        return cls.newest_remedy()

    @classmethod
    def give(cls, kind, user=None, **values):
        """As :meth:`offer`, given at once."""
        cls.wizard(kind, user, **values).action_give()
        return cls.newest_remedy()

    @classmethod
    def newest_remedy(cls):
        return cls.ticket.remedy_ids.sorted("id")[-1:]

    @classmethod
    def a_coupon(cls, **values):
        return cls.offer("coupon", program_id=cls.coupons.id, **values)
