"""The routes to entry beside a listed qualification: alternative qualification, competence, top up."""
