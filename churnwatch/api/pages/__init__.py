"""The pages for people: the risk list, a client, and the way in. Everything is drawn here; a browser runs no script."""

from fastapi import APIRouter

from churnwatch.api.pages import client, risk_list, sign_in
from churnwatch.api.pages.frame import SignInNeededError, ask_to_sign_in, problem_page

router = APIRouter(include_in_schema=False)
router.include_router(risk_list.router)
router.include_router(client.router)
router.include_router(sign_in.router)

__all__ = ["SignInNeededError", "ask_to_sign_in", "problem_page", "router"]
