import * as admin from './words/admin.ts';
import * as alerting from './words/alerting.ts';
import * as calendars from './words/calendars.ts';
import * as catalog from './words/catalog.ts';
import * as commands from './words/commands.ts';
import * as deviceCommands from './words/device-commands.ts';
import * as devices from './words/devices.ts';
import * as escalations from './words/escalations.ts';
import * as findings from './words/findings.ts';
import * as home from './words/home.ts';
import * as incident from './words/incident.ts';
import * as ingest from './words/ingest.ts';
import * as intake from './words/intake.ts';
import * as map from './words/map.ts';
import * as mapDraw from './words/map-draw.ts';
import * as mapFences from './words/map-fences.ts';
import * as mapImport from './words/map-import.ts';
import * as mapMoving from './words/map-moving.ts';
import * as media from './words/media.ts';
import * as packs from './words/packs.ts';
import * as quiet from './words/quiet.ts';
import * as rules from './words/rules.ts';
import * as sensing from './words/sensing.ts';
import * as shell from './words/shell.ts';
import * as signIn from './words/sign-in.ts';
import * as terms from './words/terms.ts';
import * as tokens from './words/tokens.ts';
import * as vitalFormula from './words/vital-formula.ts';
import * as vitalIndicator from './words/vital-indicator.ts';
import * as vitalReport from './words/vital-report.ts';
import * as vitalWarning from './words/vital-warning.ts';
import * as vitals from './words/vitals.ts';
import * as wall from './words/wall.ts';
import * as wallEdit from './words/wall-edit.ts';

export const zh = {
  terms: terms.zh,
  shell: shell.zh,
  signIn: signIn.zh,
  incident: incident.zh,
  command: commands.zh,
  intake: intake.zh,
  map: {
    ...map.zh,
    moving: mapMoving.zh,
    fences: mapFences.zh,
    draw: mapDraw.zh,
    imports: mapImport.zh,
  },
  media: media.zh,
  home: home.zh,
  catalog: catalog.zh,
  calendars: calendars.zh,
  escalations: escalations.zh,
  packs: packs.zh,
  tokens: tokens.zh,
  admin: admin.zh,
  sensing: { ...sensing.zh, ...ingest.zh },
  devices: { ...devices.zh, command: deviceCommands.zh },
  alerting: alerting.zh,
  rules: { ...rules.zh, found: findings.zh },
  quiet: quiet.zh,
  vitals: {
    ...vitals.zh,
    ...vitalIndicator.zh,
    ...vitalReport.zh,
    early: vitalWarning.zh,
    formula: vitalFormula.zh,
  },
  wall: { ...wall.zh, edit: wallEdit.zh },
};

export const en: typeof zh = {
  terms: terms.en,
  shell: shell.en,
  signIn: signIn.en,
  incident: incident.en,
  command: commands.en,
  intake: intake.en,
  map: {
    ...map.en,
    moving: mapMoving.en,
    fences: mapFences.en,
    draw: mapDraw.en,
    imports: mapImport.en,
  },
  media: media.en,
  home: home.en,
  catalog: catalog.en,
  calendars: calendars.en,
  escalations: escalations.en,
  packs: packs.en,
  tokens: tokens.en,
  admin: admin.en,
  sensing: { ...sensing.en, ...ingest.en },
  devices: { ...devices.en, command: deviceCommands.en },
  alerting: alerting.en,
  rules: { ...rules.en, found: findings.en },
  quiet: quiet.en,
  vitals: {
    ...vitals.en,
    ...vitalIndicator.en,
    ...vitalReport.en,
    early: vitalWarning.en,
    formula: vitalFormula.en,
  },
  wall: { ...wall.en, edit: wallEdit.en },
};
