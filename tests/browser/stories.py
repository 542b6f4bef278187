"""How a story is told twice: with the pages' few lines of script, and without any."""

import functools


def told_twice(*stories):
    """Each story as two checks. With script on the house's network, without on this machine: browsers send
    other heads in each."""
    checks = []
    for story in stories:
        for script, ending in ((True, "with_script"), (False, "without_script")):

            @functools.wraps(story)
            def check(world, story=story, script=script, ending=ending):
                story(world, f"{story.__name__}-{ending}", script)

            check.__name__ = f"{story.__name__}_{ending}"
            checks.append(check)
    return checks
