"""Given names with which people sign their mails; a single word under a text is a signature only if it is one of them.

An answer of one word ("Согласны", "Tuesday") stands there as often, and losing it is worse than keeping a name.
"""

_RUSSIAN = """августа аврора агата аделина азамат айгуль айдар айрат аким алевтина александр александра алексей алена алеся али алина
    алиса алия алла альберт альбина альфия амина анастасия анатолий ангелина андрей анжела анжелика анна антон антонина ануш арам
    арина аркадий арсен арсений артем артур асель асия ашот аня ася белла богдан борис боря вадим валентин валентина валерий валерия
    валя варвара варя василий василиса вася венера вера вероника вика виктор виктория виолетта виталий витя влад влада владимир
    владислав владислава вова володя всеволод вячеслав галина галя гамлет георгий герман глеб григорий гриша гузель гульнара давид
    даниил данил данила дарина дарья даша денис джамиля диана дима дина динара дмитрий ева евгений евгения егор екатерина елена
    елизавета есения ефим жанна женя захар земфира зинаида зоя зульфия иван игнат игорь ильдар ильнур илья инга инесса инна иннокентий
    ира ирина ия камила камиль карина каролина катерина катя кира кирилл клавдия клара кристина ксения ксюша лада лана лариса левон
    лейла лена леонид лера леша лиана лидия лилия лина лиза любовь людмила люба люда люся магомед майя макс максим маргарита марат
    марианна марина мария марк марта маша матвей мая мила милана мира мирон михаил миша мурат муса надежда надя назар наиля нана настя
    наталия наталья наташа нелли ника никита николай нина нонна оксана олег олеся оля ольга павел паша петр петя платон полина рада
    радик раиса рамиль рафаэль рената ренат римма рита роберт родион роза роман рома ростислав рубен руслан руслана рустам савелий
    света светлана святослав семен сергей сережа софия софья станислав стас степан стефания тагир таисия тамара таня тарас татьяна
    тимофей тимур тина тихон толя ульяна фарид фатима федор федя филипп фаина шамиль эвелина эдгар эдик эдуард элеонора элина эльвира
    эльдар эльмира эмиль эмма эрик юлиана юлия юля юра юрий юрій яков ян яна ярослав ярослава олександр олена тетяна сергій андрій
    дмитро наталія ірина михайло володимир василь катерина юлія вікторія оксана ганна богдана"""
_LATIN = """aaron abby abigail adam adrian agnes ahmed aidan aisha alan albert alejandro alex alexander alexandra alexey alfred ali alice
    alina alison allison amanda amber amelia amir amy ana anastasia anders andre andrea andreas andrei andres andrew andrey andy angela
    anita ann anna anne annette annie anthony anton antonio arjun arne arthur ashley barbara beata ben benjamin bernd bernhard beth
    betty bill bjorn björn bob boris brad brandon brenda brian bruce bruno bryan carl carla carlos carol caroline catherine cathy
    charles charlie charlotte chloe chris christian christina christine christoph christopher cindy claire clara claudia colin craig
    cristina cynthia dale dan dana daniel daniela danny darren dave david dawn dean debbie deborah denis denise dennis derek diana diane
    diego dirk dmitry dominic don donald donna doris dorothy doug douglas duncan dylan eddie edith edward elena eli elisabeth elizabeth
    ella ellen emily emma eric erica erik erin ernst esther eugene eva evelyn fabian felix fernando fiona florian frances francesca
    francesco francis francisco frank franz fred frederick gabriel gareth gary gavin gemma geoff george gerald gerhard giovanni giulia
    glen gloria gordon grace graham grant greg gregory guido hannah hans harold harry hartmut heather heidi heike heinz helen helena
    helga henrik henry holger holly howard hugh ian igor ilya ingrid irina irene isabel isabella ivan jack jackie jacob jake james jamie
    jan jane janet jason javier jay jean jeff jeffrey jen jennifer jenny jeremy jerry jess jesse jessica jill jim jimmy jo joan joanna
    joe joel johan johannes john johnny jon jonathan jordan jorge jose joseph josh joshua juan judith judy julia julian julie julien
    jun jurgen jürgen justin kai karen karin karl kasia kate katherine kathleen kathy katie katja katrin kay keith kelly ken kenneth
    kerry kevin kim kirsten klaus kristin kurt kyle lars laura lauren laurent lea lee lena leo leon leonard leslie lewis liam lina
    linda lindsay lisa liz lois lorenzo louis louise luca lucas lucia lucy luis luke lukas lydia lynn maciej madeleine magda malcolm
    manuel marc marcel marco marcus marek margaret maria marie mario marion mark markus marta martha martin martina mary mateusz
    mathias matt matteo matthew matthias maurice max megan mel melanie melissa michael michal michel michelle miguel mikael mike mikhail
    mohamed mohammed molly monica monika nadia nancy naomi natalia natalie natasha nathan neil nick nicholas nicola nicole nicolas nigel
    nikolai nina noah nora norbert oleg olga oliver olivia omar oscar otto owen pablo pam pamela patricia patrick paul paula paulina
    pauline pavel pedro peggy penny pete peter petra phil philip philipp phillip piotr priya rachel rafael rainer rajesh ralf ralph
    raymond rebecca reinhard rene ricardo richard rick rita rob robert roberto robin rod roger roland roman ron ronald rosa rose ross roy
    ruben rupert russell ruth ryan sabine sally sam samantha samuel sandra sara sarah scott sean sebastian serge sergei sergey sergio
    sharon sheila shirley silvia simon simone sofia sonia sonja sophia sophie stacy stan stefan stefanie stella stephan stephane
    stephanie stephen steve steven stuart sue susan susanne suzanne svetlana sven sylvia tamara tanja tanya tara tatiana ted teresa
    terry tess theresa thomas tim timothy tina tobias todd tom tomas tomasz tony torsten thorsten tracy ulrich ursula uwe valentin
    valerie vanessa vera veronica vicky victor victoria vincent virginia vivian vladimir walter wanda wayne wendy werner will william
    wolfgang yuri yvonne zoe"""
GIVEN_NAMES = frozenset(f"{_RUSSIAN} {_LATIN}".split())
