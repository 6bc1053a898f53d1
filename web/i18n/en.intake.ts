import type { zhIntake } from './zh.intake'

/** Words of the form for a call. */
export const enIntake: Record<keyof typeof zhIntake, string> = {
  'intake.title': 'New incident',
  'intake.elapsed': 'Elapsed',
  'intake.place': 'Place',
  'intake.placeHint': 'village or town, pinyin, or click the map',
  'intake.villages': 'From the list',
  'intake.pickMap': 'On the map',
  'intake.address': 'Address',
  'intake.type': 'Type',
  'intake.typeHint': 'name or code',
  'intake.life': 'Life threat',
  'intake.description': 'Situation',
  'intake.caller': 'Caller',
  'intake.callerName': 'Name',
  'intake.callerPhone': 'Phone',
  'intake.callerWords': 'Words',
  'intake.addCaller': 'Another caller',
  'intake.submit': 'Open incident',
  'intake.draft': 'An unfinished draft was restored',
  'intake.clear': 'Clear',
  'intake.needPlace': 'Choose a place',
  'intake.needType': 'Choose a type',
  'intake.noMatch': 'no match',
  'intake.unknown': 'empty = being verified',
}
