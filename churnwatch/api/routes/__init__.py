"""The routes of the API under /v1, in the order that OpenAPI shows them."""

from churnwatch.api.routes import alerts, clients, events, health, risks, scores, tone, tone_labels

ROUTERS = (
    risks.router,
    clients.router,
    scores.router,
    alerts.router,
    events.router,
    tone.router,
    tone_labels.router,
    health.router,
)
TAGS = [
    {"name": "risks", "description": "Who is likely to leave, and why."},
    {"name": "clients", "description": "One client: who it is, its risk over time, the messages behind the reasons."},
    {"name": "scores", "description": "Scores on demand."},
    {"name": "alerts", "description": "Cases with a life: open, acknowledged, in plan, saved, lost…"},
    {"name": "events", "description": "What passed between the firm and its clients, and how relations ended."},
    {"name": "tone", "description": "How messages sound."},
    {"name": "health", "description": "Whether all is well with churnwatch itself."},
]

__all__ = ["ROUTERS", "TAGS"]
