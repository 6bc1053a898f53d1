"""Information reporting (信息报送): what is due, from whom to whom, by when and why. docs/reporting.md.

This is the engine; it is pure. Who builds on it needs little:

* `settings.load_reporting_rules(path, zone)` → `rules.book.Rulebook`; a file that is wrong names its lines
  (`rules.nodes.RulesInvalid.faults`). `Rulebook.profiles`, `.default_profiles`, `.version`.
* `rules.situation.Situation`: what is known of one incident, filled from rows: levels, figures and flags with
  their instants, `received` and `learned` by node, and every report that counts as `Told`.
* `rules.dues.dues(situation, rules, active_profiles, now)` → `Due`s, open and discharged; `Due.why` and
  `.losers` are the reckonings, `rules.words.in_words(due, zone)` the sentences. The law of a due is written
  down in `rules.dues`.
* `rules.clock`: `standing` (running, amber, red, late minutes), `alarms` (whom, when), `next_look`.
* `rules.dry_run.dry_run` and `rules.diff.diff`: what another file would change.

Recompute a situation whole whenever a fact of it changes: nothing is kept between calls. A due is identified
by `(situation.id, *due.key, due.round)`. What was late is kept by who stores it: a correction of a time
recomputes the due, it does not take back a flag (domain/rules B5 semantics 5).
"""
