"""Every parameter of the simulated provider, and what it means.

Hazards are monthly. A coefficient adds to the log-hazard of leaving by one's own choice. Money is in cents,
net of tax. Shares and chances are between 0 and 1. The models of the report are judged by these numbers, so
they change only with a line in DECISIONS.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from analysis.extracts.demo.parameters_behaviour import AFFINITIES, Behaviours
from analysis.extracts.demo.parameters_offers import CAMPAIGNS, PLANS
from analysis.extracts.demo.shapes import Affinity, Campaign, Plan, PriceRise

PRODUCTS = ("broadband", "mobile", "voice", "tv", "cloud", "security", "smart_home")
BROADBAND, MOBILE, VOICE = 0, 1, 2
TECHNOLOGIES = ("dsl", "cable", "fibre")


@dataclass(frozen=True)
class Population:
    """Who the customers are and how they arrive."""

    years_before: int = 12  # the oldest signup lies this many years before the simulation begins
    warm_up_months: int = 12  # simulated in full before the window, so that its first day finds a base in motion
    spare: float = 1.45  # accounts drawn for each one wanted at the window's start: the rest left in the warm-up
    joins_per_month: float = 0.0135  # joiners in a month as a share of the base at the window's start
    join_season: float = 0.25  # relative swing of joining over the year, highest in autumn
    past_hazard: float = 0.0115  # mean monthly hazard before the warm-up, at signup, in a thinning of its own
    type_shares: tuple[float, ...] = (0.88, 0.09, 0.01, 0.02)  # household, business, government, education
    test_share: float = 0.0015
    staff_share: float = 0.0015
    shared_household: float = 0.06  # households with a second account
    subsidiaries: float = 0.10  # businesses that belong to another
    administrators: float = 0.85
    birth_years: tuple[int, int] = (1935, 2004)
    channels: tuple[float, ...] = (0.34, 0.20, 0.14, 0.10, 0.14, 0.08)  # in the order of `names.CHANNELS`
    channel_costs: tuple[int, ...] = (6500, 9500, 4000, 14000, 11000, 3000)  # acquisition cost by channel
    main_product: tuple[float, float, float] = (0.86, 0.11, 0.03)  # broadband, mobile only, voice only
    frailty: float = 0.45  # sd of the lasting part of the log-hazard that no column shows
    price_sensitivity: float = 0.35  # sd of the log of how strongly a competitor's offer is felt
    satisfaction: float = 0.60  # sd of the level a customer's satisfaction returns to


@dataclass(frozen=True)
class Places:
    """Areas, their network, and competitors in them."""

    areas: int = 40
    rural_share: float = 0.35
    urban_technology: tuple[float, float, float] = (0.20, 0.38, 0.42)  # dsl, cable, fibre
    rural_technology: tuple[float, float, float] = (0.68, 0.14, 0.18)
    advertised: tuple[float, float] = (320.0, 130.0)  # Mbit/s, urban and rural
    fault_start: float = 0.007  # monthly chance that an area's network degrades
    fault_months: tuple[int, int] = (3, 6)
    fault_speed: float = 0.55  # share of the usual speed during a fault
    fault_outage: float = 420.0  # minutes a month during a fault, mean
    usual_outage: float = 14.0  # minutes a month otherwise, mean
    load: float = 0.04  # sd of a month's change of the log of the speed by how busy the lines are
    load_memory: float = 0.8  # how much of last month's load is still there
    outage_memory: float = 0.5  # how much of last month's trouble is still felt
    covers_after: int = 2  # months of the window before the network is measured
    offer_start: float = 0.02  # monthly chance that a competitor makes an offer in an area: recorded nowhere
    offer_months: tuple[int, int] = (2, 4)


@dataclass(frozen=True)
class Hazard:
    """Coefficients of the log-hazard of leaving by choice, by family, and the other ways to leave."""

    base: float = -3.94  # log monthly hazard of a household on monthly terms, all else at zero
    # price
    discount: float = -1.5  # per share of the main fee now discounted
    promotion_end: float = 4.0  # per share of the main fee that a promotion's end adds, in its month and two more
    price_rise: float = 10.0  # per share of the main fee added by a rise, in its month and two more
    # service and network
    satisfaction: float = -0.38  # per unit of satisfaction, the customer's or as told in a survey
    ticket: float = 0.10  # per recent ticket
    complaint: float = 0.50  # per recent complaint
    outage: float = 0.22  # per unit of recent outage: log(1 + minutes / 60)
    # competitor
    mention: float = 1.0  # a recent ticket that names a competitor
    offer: float = 0.55  # an offer in the area, times the customer's sensitivity (hidden)
    # use
    falling: float = 1.5  # per unit fall of the log of usage
    # contract
    bound: float = -1.60  # within a contract
    last_months: float = 0.45  # in the two months before its end: less is left to pay
    contract_end: float = 1.30  # in the month of its end, instead of `bound`
    # payment
    overdue: float = 0.28  # per unpaid bill, at most three
    # profile
    types: tuple[float, ...] = (0.0, -0.35, -0.9, -0.7)  # household, business, government, education
    rural: float = -0.22
    technology: tuple[float, ...] = (0.16, 0.0, -0.24)  # dsl, cable, fibre
    young: float = 0.28  # younger than 30
    old: float = -0.25  # 65 or older
    tenure: float = -0.24  # per log(1 + years of the spell)
    extra_product: float = -0.13  # per product beside the main one
    channels: tuple[float, ...] = (0.0, -0.05, 0.30, 0.35, -0.02, -0.25)
    # season and shocks
    season: float = 0.12  # swing over the year, highest in January
    shock: float = 0.05  # sd of a shock shared by everyone in a quarter (hidden)
    # other ways to leave, monthly hazards
    unpaid: tuple[float, ...] = (0.0, 0.0, 0.02, 0.22, 0.38)  # non-payment, by unpaid bills 0, 1, 2, 3, 4 and more
    house_move: float = 0.0042
    move_young: float = 1.7  # times `house_move` under 35
    move_old: float = 0.5  # times `house_move` at 60 or older
    moves_with_us: float = 0.5  # house moves that stay with the provider, under a new account
    death: tuple[float, float] = (0.00002, 0.09)  # at 30, and its growth per year of age
    other: float = 0.0003
    # after leaving
    returns: float = 0.07  # leavers by choice who come back
    return_gap: tuple[int, int] = (75, 400)  # days
    interruption: float = 0.0004  # monthly chance of a gap of a few days, which is no leaving
    interruption_gap: tuple[int, int] = (3, 12)  # days
    reason_told: float = 0.75  # leavers by choice whose stated reason is the strongest true one


RISES = (
    PriceRise(BROADBAND, 4, 250, ("dsl", "cable")),
    PriceRise(BROADBAND, 7, 150, ("fibre",)),
    PriceRise(MOBILE, 10, 75),
    PriceRise(3, 1, 100),
)


@dataclass(frozen=True)
class Terms:
    """Contracts, promotions, add-ons and changes of plan."""

    contract: tuple[float, float, float] = (0.33, 0.25, 0.42)  # 1, 12 and 24 months at signup
    promotion: float = 0.65  # joiners with a promotion
    promotion_share: tuple[float, float] = (0.15, 0.35)  # of the main fee
    promotion_months: tuple[int, ...] = (6, 12, 12, 24)
    renewal: float = 0.62  # of those whose contract ends and who stay; the others go on month by month
    renewal_discount: float = 0.35  # renewals with a discount for a year
    renewal_share: float = 0.20  # of the main fee
    recontract: float = 0.008  # monthly, of those on monthly terms
    upgrade: float = 0.0032  # monthly, to the next faster plan, with a new contract; at the use usual for the plan
    upgrade_use: float = 1.2  # log-odds of it, per unit that the log of use is above the usual
    usual_use: float = 0.45  # rise of the usual log of use per log of the plan's speed, from 250 Mbit/s
    downgrade: float = 0.002
    fibre_rollout: float = 0.003  # monthly, of DSL customers: fibre reaches the house
    # add-ons by product, before what `Parameters.affinities` add to the log-odds
    at_signup: tuple[float, ...] = (0.0, 0.163, 0.485, 0.117, 0.042, 0.053, 0.018)
    signup_affinity: float = 0.6  # how much of the affinities counts at signup
    added: tuple[float, ...] = (0.0, 0.0034, 0.0013, 0.0007, 0.0017, 0.0007, 0.0016)  # monthly
    dropped: tuple[float, ...] = (0.0, 0.003, 0.005, 0.009, 0.007, 0.006, 0.006)  # monthly
    dropped_main: float = 0.0006  # monthly: broadband given up, mobile kept
    legacy_fee: float = 0.01  # how much lower the fee of an old account was, per year before the simulation
    staff_fee: float = 0.5


@dataclass(frozen=True)
class Use:
    """Monthly usage, before what a customer's behaviour adds. Pairs: the mean, and how far customers differ (sd)."""

    download_gb: tuple[float, float] = (5.0, 0.5)  # its log, broadband
    mobile_gb: float = 2.0  # the same without broadband
    upload: tuple[float, float] = (-2.45, 0.4)  # log of upload to download
    voice_minutes: tuple[float, float] = (3.85, 0.6)  # its log
    active_days: tuple[float, float] = (2.65, 0.35)  # logit of the share of days
    app_logins: tuple[float, float] = (1.3, 0.45)  # its log
    evening_share: tuple[float, float] = (-0.5, 0.4)  # its logit
    noise: tuple[float, ...] = (0.18, 0.15, 0.3, 0.4, 0.4, 0.2)  # sd of a month, in the order of the pairs
    growth: float = 0.010  # of the log of download, a month
    season: float = 0.13  # swing over the year, highest in January
    fading_start: float = 0.006  # monthly chance that a customer begins to use less
    fading_stop: float = 0.10
    fading: float = 0.16  # monthly fall of the log while fading
    recovery: float = 0.25  # share of the fall made up in a month afterwards
    memory: float = 0.7  # of the fall that `Hazard.falling` feels
    covers_after: int = 3  # months of the window before usage is recorded

    @property
    def spreads(self) -> tuple[float, ...]:
        """How far customers of one behaviour differ (sd), by measure."""
        pairs = (self.download_gb, self.upload, self.voice_minutes, self.active_days, self.app_logins)
        return (*(spread for _, spread in pairs), self.evening_share[1])


@dataclass(frozen=True)
class Service:
    """Tickets, satisfaction, surveys."""

    tickets: float = 0.050  # a month
    outage: float = 0.55  # log rate, per unit of this month's outage
    unhappy: float = -0.25  # log rate, per unit of satisfaction
    new: float = 0.8  # log rate, in the first two months
    after_rise: float = 0.7  # log rate, in the month of a price rise
    overdue: float = 0.25  # log rate, per unpaid bill
    complaint: float = -1.7  # logit, for a satisfaction of zero
    complaint_unhappy: float = -0.6
    mention: float = 0.05  # tickets that name a competitor
    mention_offer: float = 0.25  # more, while there is an offer in the area
    first_contact: float = 0.68  # resolved at once
    handle_minutes: tuple[float, float] = (2.3, 0.6)  # mean and sd of its log
    minute_cost: float = 85.0  # cents
    visit: float = 0.25  # technical tickets not resolved at once that need a technician
    visit_cost: int = 6500
    unknown_caller: float = 0.01
    memory: float = 0.55  # how much of last month's tickets still counts as recent
    return_to_level: float = 0.15  # monthly pull of satisfaction to the customer's own level
    mood: float = 0.15  # sd of a month's change of satisfaction
    outage_hurts: float = -0.04  # per hour of outage
    complaint_hurts: float = -0.40
    resolved_helps: float = 0.12
    rise_hurts: float = -0.25
    speed_told: float = 1.5  # in an answer, per unit of speed as a share of the advertised, last three whole months
    usual_speed: float = 0.9  # at which an answer is not moved
    fee_told: float = -0.012  # in an answer, per euro a month paid after discounts
    usual_fee: float = 50.0
    survey: float = 0.08  # monthly chance of being sent one
    answer: float = -0.9  # logit of answering, for a satisfaction of zero
    answer_happy: float = 0.45
    answer_old: float = 0.35
    nps: tuple[float, float, float] = (8.0, 1.9, 1.4)  # level, per unit of satisfaction, noise
    csat: tuple[float, float, float] = (3.9, 0.75, 0.6)


@dataclass(frozen=True)
class Bills:
    """Bills and how they are paid."""

    tax: float = 0.19
    usage_line: float = 0.10
    usage_amount: tuple[float, float] = (5.6, 0.8)  # mean and sd of the log of cents
    activation_fee: int = 3990
    visit_fee: float = 0.01  # monthly chance of a one-off charge
    goodwill: float = 0.30  # complaints answered with a credit
    goodwill_amount: tuple[int, int] = (500, 2500)
    due_days: int = 14
    payers: tuple[float, float, float] = (0.80, 0.16, 0.04)  # prompt, late, struggling
    late: tuple[float, float, float] = (0.02, 0.55, 0.65)  # bills paid late, by payer
    late_days: tuple[int, int] = (1, 35)
    stops_paying: tuple[float, float, float] = (0.0010, 0.0060, 0.032)  # monthly, by payer
    pays_again: float = 0.40  # monthly, of those who stopped; geometric
    suspended_after: int = 2  # unpaid bills
    suspended_use: float = 0.3  # share of the usual use while suspended


@dataclass(frozen=True)
class Desk:
    """Leads and consents, and the defects that real extracts have, as shares of rows."""

    lead_of_joiner: float = 0.60
    leads_per_joiner: float = 2.4  # that came to nothing
    lead_channels: tuple[float, ...] = (0.30, 0.10, 0.34, 0.10, 0.12, 0.04)  # of those
    lead_business: float = 0.12
    consent: tuple[float, ...] = (0.62, 0.35, 0.48, 0.70)  # email, sms, phone, post
    withdrawal: float = 0.0025  # monthly, per channel
    do_not_contact: float = 0.0003  # monthly
    erasure: float = 0.012  # of leavers
    negative_usage: float = 0.0002
    repeated_tickets: float = 0.0005


@dataclass(frozen=True)
class Parameters:
    """All of it."""

    population: Population = field(default_factory=Population)
    places: Places = field(default_factory=Places)
    hazard: Hazard = field(default_factory=Hazard)
    terms: Terms = field(default_factory=Terms)
    behaviours: Behaviours = field(default_factory=Behaviours)
    affinities: tuple[Affinity, ...] = AFFINITIES
    use: Use = field(default_factory=Use)
    service: Service = field(default_factory=Service)
    bills: Bills = field(default_factory=Bills)
    desk: Desk = field(default_factory=Desk)
    plans: tuple[Plan, ...] = PLANS
    rises: tuple[PriceRise, ...] = RISES
    campaigns: tuple[Campaign, ...] = CAMPAIGNS

    def with_newcomer(self, begins: date) -> Parameters:
        """The same, and a behaviour that nobody has before the first day of a quarter."""
        return replace(self, behaviours=self.behaviours.with_newcomer(begins))
