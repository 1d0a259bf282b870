"""The pages: one module and one template each; `router` is what it answers, `MENU` its entry."""
