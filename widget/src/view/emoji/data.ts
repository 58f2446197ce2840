// The emoji that people send in a chat, and the words by which they look for them. A line each: sign, English, Chinese.

export interface Emoji {
  sign: string;
  /** The first word names it. */
  en: string;
  zh: string;
}

const LINES = `
😀 grin happy smile|笑脸 开心 笑臉 開心
😃 smile happy open|微笑 高兴 高興
😄 laugh happy eyes|大笑 开心 開心
😁 beam teeth grin|露齿笑 嘻嘻 露齒笑
😆 laughing haha squint|哈哈 大笑
😅 sweat relief phew|尴尬 汗 尷尬
😂 joy tears lol|笑哭 大笑
🤣 rolling rofl laugh|打滚 笑翻 打滾
🙂 slight smile ok|微笑
😉 wink|眨眼
😊 blush happy thanks|害羞 开心 開心
😇 angel innocent halo|天使
🥰 love hearts adore|爱 喜欢 愛 喜歡
😍 heart-eyes love wow|爱心眼 喜欢 愛心眼 喜歡
😘 kiss blow love|飞吻 亲亲 飛吻 親親
😋 yum tasty delicious|好吃 美味
😎 cool sunglasses|酷 墨镜 墨鏡
🤩 star-struck wow amazing|崇拜 惊喜 驚喜
🥳 party celebrate birthday|庆祝 派对 慶祝 派對
🤔 thinking hmm wonder|思考 想想
🤗 hug thanks|拥抱 擁抱
🤭 oops giggle|偷笑
😐 neutral meh|无语 無語
😏 smirk|得意 坏笑 壞笑
🙄 eyeroll whatever|白眼
😬 grimace awkward|尴尬 尷尬
😌 relieved calm|安心 放松 放鬆
😴 sleep tired zzz|睡觉 困 睡覺
😷 mask ill sick|口罩 生病
🤒 fever ill sick|发烧 生病 發燒
😕 confused unsure|困惑
😟 worried|担心 擔心
🙁 frown sad|难过 難過
😮 surprised wow oh|惊讶 驚訝
😢 cry sad tear|哭 难过 難過
😭 sob cry loud|大哭
😱 scream shock fear|尖叫 震惊 震驚
😞 disappointed sad|失望
😤 huff annoyed|生气 哼 生氣
😡 angry mad|愤怒 生气 憤怒 生氣
🤯 mind-blown wow|震惊 震驚
🥺 please pleading beg|拜托 可怜 拜託 可憐
🤝 handshake deal agree|握手 合作
👍 thumbs-up yes good ok like|赞 好 点赞 讚 點讚
👎 thumbs-down no bad|差 不好
👌 ok perfect fine|好的 没问题 沒問題
✌️ victory peace|胜利 耶 勝利
🤞 luck fingers-crossed hope|好运 祝好运 好運
👋 wave hello hi bye|你好 再见 挥手 再見 揮手
🙏 thanks please pray|谢谢 拜托 感谢 謝謝 拜託 感謝
👏 clap bravo applause|鼓掌
🙌 hooray praise yay|万岁 太好了 萬歲
💪 strong muscle power|加油 强壮 強壯
👇 down below point|下面
👆 up above point|上面
👉 right point|右边 右邊
👈 left point|左边 左邊
✍️ write sign note|写 签名 寫 簽名
👀 eyes look see|看 眼睛
🤷 shrug dunno|不知道 耸肩 聳肩
🤦 facepalm|捂脸 摀臉
🙋 hand raise question|举手 提问 舉手 提問
❤️ heart love red|爱心 爱 愛心 愛
🧡 orange heart|橙心
💛 yellow heart|黄心 黃心
💚 green heart|绿心 綠心
💙 blue heart|蓝心 藍心
💜 purple heart|紫心
💔 broken heart|心碎
✨ sparkles shiny new|闪亮 星星 閃亮
⭐ star favourite|星星 收藏
🔥 fire hot lit|火 热门 熱門
💯 hundred perfect|一百 满分 滿分
✅ check done yes|完成 对 對
❌ cross no wrong|错 不 錯
❗ exclamation important|重要 感叹 感嘆
❓ question help|问题 疑问 問題 疑問
⚠️ warning careful|警告 注意
💡 idea light bulb|主意 灯泡 燈泡
💬 speech message chat|消息 对话 訊息 對話
🎉 tada party congratulations|庆祝 恭喜 慶祝
🎁 gift present|礼物 禮物
🎂 cake birthday|蛋糕 生日
🧧 red-envelope money luck|红包 紅包
🏆 trophy win prize|奖杯 冠军 獎盃 冠軍
🎵 music note song|音乐 音樂
🐶 dog puppy|狗
🐱 cat kitten|猫 貓
🐼 panda|熊猫 熊貓
🐰 rabbit bunny|兔子
🐻 bear|熊
🐸 frog|青蛙
🐵 monkey|猴子
🐟 fish|鱼 魚
🦋 butterfly|蝴蝶
🐝 bee|蜜蜂
🌸 blossom flower cherry|樱花 花 櫻花
🌹 rose flower|玫瑰
🌻 sunflower|向日葵
🌱 seedling plant grow|发芽 植物 發芽
🌲 tree forest|树 樹
🍀 clover luck|四叶草 幸运 四葉草 幸運
☀️ sun sunny weather|太阳 晴 太陽
🌙 moon night|月亮 晚安
🌧️ rain weather|下雨
❄️ snow cold winter|雪 冷
🌈 rainbow|彩虹
🌍 earth world globe|地球 世界
☕ coffee hot drink|咖啡
🍵 tea green cup|茶 绿茶 綠茶
🍺 beer drink|啤酒
🍷 wine drink|红酒 紅酒
🥂 cheers toast champagne|干杯 乾杯
🍎 apple fruit|苹果 蘋果
🍓 strawberry fruit|草莓
🍉 watermelon fruit|西瓜
🍕 pizza|披萨 披薩
🍔 burger|汉堡 漢堡
🍜 noodles ramen|面条 拉面 麵條 拉麵
🍚 rice|米饭 米飯
🥟 dumpling|饺子 餃子
🍣 sushi|寿司 壽司
🍰 cake sweet dessert|蛋糕 甜点 甜點
🍫 chocolate sweet|巧克力
🏠 house home|家 房子
🏢 office building work|公司 办公室 辦公室
🛒 cart shopping basket|购物车 購物車
🛍️ bags shopping|购物 購物
📦 package parcel box delivery|包裹 快递 快遞
🚚 truck delivery shipping|送货 物流 送貨
✈️ plane flight travel|飞机 旅行 飛機
🚗 car drive|汽车 汽車
🚲 bicycle bike|自行车 腳踏車
🚆 train rail|火车 火車
📱 phone mobile|手机 手機
💻 laptop computer|电脑 電腦
📧 email mail|邮件 郵件
📎 paperclip attachment|附件 回形针 迴紋針
📷 camera photo picture|相机 照片 相機
📄 document page file|文件 文档 文檔
📅 calendar date|日历 日期 日曆
⏰ clock alarm time|闹钟 时间 鬧鐘 時間
⏳ hourglass wait|等待 沙漏
🔑 key password|钥匙 密码 鑰匙 密碼
🔒 lock secure private|锁 安全 鎖
🔍 search find magnifier|搜索 查找 搜尋
🔗 link url|链接 連結
🔧 wrench fix tool|扳手 修理
⚙️ gear settings|设置 齿轮 設定 齒輪
💰 money bag|钱 錢
💳 card pay credit|信用卡 付款
🧾 receipt invoice bill|收据 发票 收據 發票
📈 chart up growth|上涨 增长 上漲 增長
📉 chart down loss|下跌
📌 pin location note|图钉 圖釘
🚀 rocket fast launch|火箭 快
👶 baby child|宝宝 寶寶
👨‍💻 developer computer man|程序员 工程師
👩‍💼 businesswoman office woman|职员 職員
`;

export const EMOJI: readonly Emoji[] = LINES.trim()
  .split("\n")
  .map((line) => {
    const [words = "", zh = ""] = line.split("|");
    const [sign = "", ...en] = words.split(" ");
    return { sign, en: en.join(" "), zh };
  });

/** Every word that was typed begins one of its words, or stands within the Chinese. Nothing typed: all. */
export function find(typed: string): readonly Emoji[] {
  const wanted = typed.toLowerCase().trim().split(/\s+/).filter(Boolean);
  return EMOJI.filter(({ sign, en, zh }) =>
    wanted.every(
      (word) =>
        sign === word ||
        zh.includes(word) ||
        en.split(/[ -]/).some((held) => held.startsWith(word)),
    ),
  );
}

/** What to call it. */
export function nameOf({ en, zh }: Emoji, language: string): string {
  const [chinese = ""] = zh.split(" ");
  return language.startsWith("zh") ? chinese : (en.split(" ")[0] ?? "").replaceAll("-", " ");
}
