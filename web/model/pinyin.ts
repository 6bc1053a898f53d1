/** First characters of each syllable in the order of the Chinese collation, and the syllable itself. */
const TABLE =
  '阿a哎ai安an肮ang凹ao丷ba挀bai扳ban邦bang勹bao卑bei奔ben伻beng屄bi边bian灬biao憋bie汃bin冫bing癶bo峬bu嚓ca偲cai参can仓cang撡cao冊ce嵾cen曽ceng叉cha拆cha' +
  'i辿chan伥chang抄chao车che抻chen阷cheng吃chi充chong抽chou出chu歘chua揣chuai巛chuan刅chuang吹chui旾chun逴chuo呲ci匆cong凑cou粗cu汆cuan崔cui邨cun搓c' +
  'uo咑da呆dai丹dan当dang刀dao嘚de扥den灯deng氐di敁dian刁diao爹die丁ding丟diu东dong吺dou厾du耑duan垖dui吨dun多duo妸e诶ei奀en鞥eng儿er发fa帆fan匚fang飞fei' +
  '分fen丰feng覅fiao仏fo紑fou夫fu旮ga侅gai甘gan冈gang皋gao戈ge给gei根gen刯geng工gong勾gou估gu瓜gua乖guai关guan光guang归gui丨gun呙guo哈ha咍hai佄han夯hang' +
  '茠hao诃he黒hei拫hen亨heng噷hm叿hong齁hou乎hu花hua怀huai欢huan巟huang灰hui昏hun吙huo丌ji加jia戋jian江jiang艽jiao阶jie巾jin坕jing冂jiong丩jiu凥ju姢jua' +
  'n噘jue军jun咔ka开kai刊kan忼kang尻kao匼ke肎ken劥keng空kong抠kou扝ku夸kua蒯kuai宽kuan匡kuang亏kui坤kun扩kuo垃la来lai兰lan啷lang捞lao仂le雷lei崚leng哩li' +
  '俩lia奁lian良liang撩liao毟lie拎lin伶ling溜liu囖lo龙long瞜lou噜lu娈luan抡lun啰luo呣m妈ma埋mai嫚man牤mang猫mao嚒me呅mei椚men擝meng咪mi宀mian喵miao乜mie' +
  '民min名ming谬miu摸mo哞mou毪mu拏na腉nai囡nan囔nang孬nao疒ne娞nei恁nen能neng妮ni拈nian娘niang鸟niao捏nie囜nin宁ning妞niu农nong羺nou奴nu奻nuan黁nun郍nuo' +
  '喔o讴ou妑pa拍pai眅pan乓pang抛pao呸pei喷pen匉peng丕pi囨pian剽piao氕pie姘pin乒ping钋po娝pou仆pu七qi掐qia千qian呛qiang悄qiao苆qie亲qin靑qing卭qiong丘qiu' +
  '区qu奍quan缺que夋qun呥ran穣rang娆rao惹re人ren扔reng日ri戎rong厹rou邚ru挼rua堧ruan婑rui瞤run捼ruo仨sa毢sai三san桒sang掻sao閪se森sen僧seng杀sha筛shai山s' +
  'han伤shang弰shao奢she申shen升sheng尸shi収shou书shu刷shua衰shuai闩shuan双shuang脽shui吮shun说shuo厶si忪song凁sou苏su狻suan夊sui孙sun唆suo他ta囼tai' +
  '坍tan汤tang夲tao忑te熥teng剔ti天tian旫tiao帖tie厅ting囲tong偷tou凸tu湍tuan推tui吞tun乇tuo屲wa歪wai弯wan尣wang危wei昷wen翁weng挝wo乌wu夕xi虲xia仙xian乡' +
  'xiang灱xiao些xie心xin星xing凶xiong休xiu吁xu吅xuan削xue坃xun丫ya恹yan央yang幺yao倻ye一yi囙yin应ying哟yo佣yong优you込yu囦yuan曰yue晕yun帀za災zai兂zan匨' +
  'zang傮zao则ze贼zei怎zen増zeng扎zha夈zhai枬zhan张zhang佋zhao蜇zhe贞zhen凧zheng之zhi中zhong州zhou朱zhu抓zhua跩zhuai专zhuan妆zhuang隹zhui宒zhun拙zh' +
  'uo乲zi宗zong邹zou租zu钻zuan厜zui尊zun昨zuo'

const SYLLABLES = [...TABLE.matchAll(/(\P{ASCII})([a-z]+)/gu)].map((m) => [m[1] ?? '', m[2] ?? ''] as const)
/** Where the collation knows another reading than people do; surnames first. */
const READ: Readonly<Record<string, string>> = {
  吕: 'lv', 单: 'shan', 曾: 'zeng', 解: 'xie', 仇: 'qiu', 区: 'ou', 查: 'zha', 任: 'ren', 盖: 'ge', 朴: 'piao', 尉: 'yu',
  覃: 'qin', 冼: 'xian', 翟: 'zhai', 缪: 'miao', 乐: 'le', 女: 'nv', 律: 'lv', 旅: 'lv', 绿: 'lv', 虑: 'lv', 谁: 'shei', 略: 'lve',
}
const collator = new Intl.Collator('zh-u-co-pinyin')
const HAN = /^\p{Script=Han}$/u

function syllable(char: string): string {
  const known = READ[char]
  if (known !== undefined || !HAN.test(char)) return known ?? char.toLowerCase()
  let [low, high] = [0, SYLLABLES.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (collator.compare(SYLLABLES[middle]?.[0] ?? '', char) <= 0) low = middle + 1
    else high = middle
  }
  return SYLLABLES[low - 1]?.[1] ?? ''
}

const spelt = new Map<string, readonly string[]>()

/** How a name is spelt, a syllable for each character: `刘海` → `liu`, `hai`. */
export function spell(name: string): readonly string[] {
  const known = spelt.get(name)
  if (known !== undefined) return known
  const found = [...name].map(syllable)
  spelt.set(name, found)
  return found
}

/** How well a query meets a name, by characters, spelling or first letters: lower is better, null not at all. */
export function meetsName(query: string, name: string): number | null {
  const asked = query.toLowerCase().replace(/[\s']/g, '')
  if (asked === '' || name === asked) return 0
  if (name.startsWith(asked)) return 1
  const syllables = spell(name)
  if (syllables.join('').startsWith(asked)) return 2
  if (syllables.map((s) => s[0] ?? '').join('').startsWith(asked)) return 3
  if (name.includes(asked)) return 4
  return syllables.slice(1).join('').startsWith(asked) ? 5 : null
}
