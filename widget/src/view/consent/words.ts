// The question before anything is kept, in every language: it comes alone, and rarely.

import type { Locale } from "../../text/locales";

interface Words {
  ask: string;
  agree: string;
  notNow: string;
  read: string;
}

export const words: Record<Locale, Words> = {
  en: {
    ask: "So that you find your conversation again, the chat keeps a key in this browser and connects to the server of the chat. Nothing has been kept yet.",
    agree: "Agree and chat",
    notNow: "Not now",
    read: "Privacy policy",
  },
  "zh-CN": {
    ask: "为了让您之后还能找到这次对话，聊天会在此浏览器中保存一个密钥，并连接到聊天服务器。目前尚未保存任何内容。",
    agree: "同意并开始聊天",
    notNow: "暂不",
    read: "隐私政策",
  },
  "zh-TW": {
    ask: "為了讓您之後還能找到這次對話，聊天會在此瀏覽器中保存一組金鑰，並連線到聊天伺服器。目前尚未保存任何內容。",
    agree: "同意並開始對話",
    notNow: "暫時不要",
    read: "隱私權政策",
  },
  ja: {
    ask: "あとで会話に戻れるように、チャットはこのブラウザーに鍵を保存し、チャットのサーバーに接続します。まだ何も保存されていません。",
    agree: "同意してチャットを始める",
    notNow: "今はしない",
    read: "プライバシーポリシー",
  },
  ko: {
    ask: "나중에 대화를 다시 찾을 수 있도록 채팅이 이 브라우저에 키를 저장하고 채팅 서버에 연결합니다. 아직 아무것도 저장되지 않았습니다.",
    agree: "동의하고 채팅하기",
    notNow: "나중에",
    read: "개인정보 처리방침",
  },
  de: {
    ask: "Damit Sie Ihr Gespräch wiederfinden, bewahrt der Chat einen Schlüssel in diesem Browser auf und verbindet sich mit dem Server des Chats. Bisher wurde nichts gespeichert.",
    agree: "Zustimmen und chatten",
    notNow: "Nicht jetzt",
    read: "Datenschutzerklärung",
  },
  fr: {
    ask: "Pour que vous retrouviez votre conversation, le chat conserve une clé dans ce navigateur et se connecte au serveur du chat. Rien n’a encore été conservé.",
    agree: "Accepter et discuter",
    notNow: "Pas maintenant",
    read: "Politique de confidentialité",
  },
  es: {
    ask: "Para que vuelva a encontrar su conversación, el chat guarda una clave en este navegador y se conecta al servidor del chat. Todavía no se ha guardado nada.",
    agree: "Aceptar y chatear",
    notNow: "Ahora no",
    read: "Política de privacidad",
  },
  "pt-BR": {
    ask: "Para que você reencontre sua conversa, o chat guarda uma chave neste navegador e se conecta ao servidor do chat. Nada foi guardado ainda.",
    agree: "Concordar e conversar",
    notNow: "Agora não",
    read: "Política de privacidade",
  },
  ru: {
    ask: "Чтобы вы могли вернуться к разговору, чат сохраняет ключ в этом браузере и подключается к серверу чата. Пока ничего не сохранено.",
    agree: "Согласиться и начать чат",
    notNow: "Не сейчас",
    read: "Политика конфиденциальности",
  },
  ar: {
    ask: "لكي تجد محادثتك مرة أخرى، تحفظ الدردشة مفتاحًا في هذا المتصفح وتتصل بخادم الدردشة. لم يُحفظ أي شيء حتى الآن.",
    agree: "الموافقة وبدء الدردشة",
    notNow: "ليس الآن",
    read: "سياسة الخصوصية",
  },
  he: {
    ask: "כדי שתוכלו למצוא שוב את השיחה, הצ׳אט שומר מפתח בדפדפן הזה ומתחבר לשרת הצ׳אט. עדיין לא נשמר דבר.",
    agree: "הסכמה והתחלת צ׳אט",
    notNow: "לא עכשיו",
    read: "מדיניות הפרטיות",
  },
};
