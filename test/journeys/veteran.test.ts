// A veteran reports back far from home. The department's old system speaks a SOAP of its own, the county's
// post an interface of two generations ago that tells nothing after the order, so that a tracker follows the
// letter: answers get lost on every way.

import t from 'tap'
import { newborn, platformAt } from '../support/platform.ts'
import { holderWith, startTown } from './town.ts'

const actors = ['veterans', 'ems-weishi', 'kuaidi100']

t.test(
  'an old SOAP system and an old post have each thing once, and the tracker sees it arrive',
  async (t) => {
    const town = await startTown(t, { sharesOf: { veterans: { corrected: 1, special: 1 } } })
    const { city, running } = town
    const faultsOf = (actor: string) => Object.keys(city.board.counts()[actor] ?? {}).length
    // The first call to each fails, so that none has no faults by chance.
    const troubled = actors.map(async (actor) => {
      city.board.change({ actor, faults: { unavailable: 1 } })
      await town.until(`${actor} has a fault`, () => faultsOf(actor) > 0)
      city.board.change({ actor, faults: { lost: 0.4, unavailable: 0.2, repeated: 0.5 } })
    })
    const upload = () => platformAt(running.url).upload()
    const veteran = await town.apply(
      newborn({
        theme: 'veteran',
        mode: 'agent',
        division: '410204',
        homeDivision: '410223',
        agent: { hall: '410204-01', window: '01', clerk: '王晓明' },
        applicant: {
          type: 'person',
          name: '赵<六>&𬀩',
          idType: '111',
          idNumber: holderWith(),
          mobile: '13700137000',
        },
        situations: { settlement: 'self', wantsCard: false, continuesInsurance: false },
        form: { unit: '31001部队', enlistedOn: '2021-09-10', dischargedOn: '2026-09-01' },
        materials: [
          { code: 'id-card', source: 'certificate' },
          { code: 'discharge-certificate', source: 'upload', materialId: await upload() },
          { code: 'introduction-letter', source: 'paper' },
          { code: 'bank-account', source: 'upload', materialId: await upload() },
        ],
      }),
    )
    const ledger = await town.rest()
    t.equal(await veteran.state(), 'completed')
    const sentTo = (system: string) => ledger.transfers.filter((one) => one.system === system)
    t.strictSame(
      sentTo('veterans')
        .map(({ operation }) => operation)
        .sort(),
      ['submitCase', 'submitCase', 'supplementCase', 'supplementCase'],
    )
    const events = await veteran.events('veteran-registration')
    for (const type of [
      'case.supplemented',
      'case.special-procedure-ended',
      'parcel.delivered',
      'case.issued',
    ])
      t.ok(events.includes(type), type)
    const [letter, ...others] = await veteran.read('parcels')
    t.match(letter, { direction: 'collect', system: 'ems-weishi', state: 'delivered' })
    t.ok(others.every(({ direction }) => direction === 'deliver'))
    t.equal(sentTo('kuaidi100').length, 1 + others.length, 'every parcel is followed')
    const { effects } = city.books()['ems-weishi']!
    t.match(effects[0], { reference: letter?.reference, times: 1 })
    await Promise.all(troubled)
    await town.agree(t)
  },
)
