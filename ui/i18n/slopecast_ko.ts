<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
 <context>
  <name>Slopecast</name>
  <message>
   <source> or </source>
   <translation> 또는 </translation>
  </message>
  <message>
   <source>&amp;Elevation (DEM)</source>
   <translation>표고 (DEM)(&amp;E)</translation>
  </message>
  <message>
   <source>&amp;Failure mask</source>
   <translation>파괴 마스크(&amp;F)</translation>
  </message>
  <message>
   <source>&amp;Network</source>
   <translation>신경망(&amp;N)</translation>
  </message>
  <message>
   <source>'{} [{}]', if this is the intended quantity</source>
   <translation>그 물리량이라면 '{} [{}]'</translation>
  </message>
  <message>
   <source>'{}' also contains rasters of earlier runs, which do not belong to this one: {}. Delete them, or use a new folder.</source>
   <translation>'{}'에 이번 실행에 속하지 않는 이전 실행의 래스터도 있습니다: {}. 삭제하거나 새 폴더를 사용하십시오.</translation>
  </message>
  <message>
   <source>'{}' can hold a table, but no shapes</source>
   <translation>'{}'은(는) 표만 저장할 수 있고 도형은 저장할 수 없습니다</translation>
  </message>
  <message>
   <source>'{}' can no longer be opened</source>
   <translation>'{}'을(를) 더 이상 열 수 없습니다</translation>
  </message>
  <message>
   <source>'{}' cannot be created: {}</source>
   <translation>'{}'을(를) 만들 수 없습니다: {}</translation>
  </message>
  <message>
   <source>'{}' cannot be loaded as a raster layer</source>
   <translation>'{}'을(를) 래스터 레이어로 불러올 수 없습니다</translation>
  </message>
  <message>
   <source>'{}' cannot be loaded as a table</source>
   <translation>'{}'을(를) 표로 불러올 수 없습니다</translation>
  </message>
  <message>
   <source>'{}' cannot be loaded as a vector layer</source>
   <translation>'{}'을(를) 벡터 레이어로 불러올 수 없습니다</translation>
  </message>
  <message>
   <source>'{}' cannot be read ({})</source>
   <translation>'{}'을(를) 읽을 수 없습니다 ({})</translation>
  </message>
  <message>
   <source>'{}' cannot be read as a raster</source>
   <translation>'{}'을(를) 래스터로 읽을 수 없습니다</translation>
  </message>
  <message>
   <source>'{}' cannot be read as a raster.</source>
   <translation>'{}'을(를) 래스터로 읽을 수 없습니다.</translation>
  </message>
  <message>
   <source>'{}' cannot be read as a weights file ({})</source>
   <translation>'{}'을(를) 가중치 파일로 읽을 수 없습니다 ({})</translation>
  </message>
  <message>
   <source>'{}' cannot be replaced</source>
   <translation>'{}'을(를) 바꿔 쓸 수 없습니다</translation>
  </message>
  <message>
   <source>'{}' cannot be used: the Python package distributed is not installed</source>
   <translation>'{}'을(를) 쓸 수 없습니다: Python 패키지 distributed가 설치되어 있지 않습니다</translation>
  </message>
  <message>
   <source>'{}' cannot be written ({})</source>
   <translation>'{}'에 쓸 수 없습니다 ({})</translation>
  </message>
  <message>
   <source>'{}' cannot store cells of {:g} x {:g} m</source>
   <translation>'{}'에는 {:g} x {:g} m 셀을 저장할 수 없습니다</translation>
  </message>
  <message>
   <source>'{}' comes from the provider '{}', not from a file</source>
   <translation>'{}'은(는) 파일이 아니라 제공자 '{}'에서 온 레이어입니다</translation>
  </message>
  <message>
   <source>'{}' contains '{}', which QGIS does not read as a part of a name</source>
   <translation>'{}'에 '{}'이(가) 있습니다. QGIS는 이를 이름의 일부로 읽지 않습니다</translation>
  </message>
  <message>
   <source>'{}' contains a run with a different {}</source>
   <translation>'{}'에는 {}이(가) 다른 실행이 들어 있습니다</translation>
  </message>
  <message>
   <source>'{}' contains another data set</source>
   <translation>'{}'에는 다른 데이터 세트가 들어 있습니다</translation>
  </message>
  <message>
   <source>'{}' contains characters that could not be decoded: save the table in UTF-8</source>
   <translation>'{}'에 해독할 수 없는 글자가 있습니다. 표를 UTF-8로 저장하십시오</translation>
  </message>
  <message>
   <source>'{}' contains no hours</source>
   <translation>'{}'에 시각이 없습니다</translation>
  </message>
  <message>
   <source>'{}' contains no training case with enough lateral flow for a correction</source>
   <translation>'{}'에는 보정할 만큼 측방 흐름이 있는 학습 사례가 없습니다</translation>
  </message>
  <message>
   <source>'{}' contains no {}</source>
   <translation>'{}'에 {}이(가) 없습니다</translation>
  </message>
  <message>
   <source>'{}' contains other data</source>
   <translation>'{}'에는 다른 자료가 들어 있습니다</translation>
  </message>
  <message>
   <source>'{}' contains other data ({}), which would be lost</source>
   <translation>'{}'에 다른 자료({})가 들어 있어 잃게 됩니다</translation>
  </message>
  <message>
   <source>'{}' contains several rasters</source>
   <translation>'{}'에 래스터가 여러 개 있습니다</translation>
  </message>
  <message>
   <source>'{}' contains shards of Slopecast {}; this is {}</source>
   <translation>'{}'에는 Slopecast {}의 조각 파일이 들어 있습니다. 이 버전은 {}입니다</translation>
  </message>
  <message>
   <source>'{}' contains the paper's network</source>
   <translation>'{}'에는 논문의 신경망이 들어 있습니다</translation>
  </message>
  <message>
   <source>'{}' could not be written completely: the disk is full</source>
   <translation>'{}'을(를) 끝까지 쓰지 못했습니다: 디스크가 가득 찼습니다</translation>
  </message>
  <message>
   <source>'{}' could not be written completely: {}</source>
   <translation>'{}'을(를) 끝까지 쓰지 못했습니다: {}</translation>
  </message>
  <message>
   <source>'{}' does not contain a network of the paper</source>
   <translation>'{}'에는 논문의 신경망이 들어 있지 않습니다</translation>
  </message>
  <message>
   <source>'{}' does not contain the cases that '{}' lists</source>
   <translation>'{}'에는 '{}'의 목록에 있는 사례가 들어 있지 않습니다</translation>
  </message>
  <message>
   <source>'{}' does not describe a data set</source>
   <translation>'{}'은(는) 데이터 세트를 설명하는 파일이 아닙니다</translation>
  </message>
  <message>
   <source>'{}' does not exist</source>
   <translation>'{}'이(가) 없습니다</translation>
  </message>
  <message>
   <source>'{}' exists and was not made by this algorithm; it would be lost</source>
   <translation>'{}'이(가) 이미 있으며 이 알고리즘이 만든 것이 아니므로 내용을 잃게 됩니다</translation>
  </message>
  <message>
   <source>'{}' files do not store these shapes: of {:,}, {:,} cannot be read back</source>
   <translation>'{}' 파일은 이 도형을 저장하지 못합니다. {:,}개 중 {:,}개를 다시 읽을 수 없습니다</translation>
  </message>
  <message>
   <source>'{}' files split shapes of several parts: {:,} features would become {:,}</source>
   <translation>'{}' 파일은 여러 부분으로 된 도형을 나눕니다: 객체 {:,}개가 {:,}개로 바뀝니다</translation>
  </message>
  <message>
   <source>'{}' has a size of {:,.0f} MB</source>
   <translation>'{}'의 크기가 {:,.0f} MB입니다</translation>
  </message>
  <message>
   <source>'{}' has no Slopecast model card</source>
   <translation>'{}'에 Slopecast 모델 카드가 없습니다</translation>
  </message>
  <message>
   <source>'{}' has no cases in the 'train' subset of its split</source>
   <translation>'{}'에는 분할의 'train' 부분집합에 사례가 없습니다</translation>
  </message>
  <message>
   <source>'{}' has no {}</source>
   <translation>'{}'에 {}이(가) 없습니다</translation>
  </message>
  <message>
   <source>'{}' has shapes, whose attributes would be lost</source>
   <translation>'{}'에 도형이 있으며, 그 속성이 사라지게 됩니다</translation>
  </message>
  <message>
   <source>'{}' has the format '{}'</source>
   <translation>'{}'의 형식은 '{}'입니다</translation>
  </message>
  <message>
   <source>'{}' has the wrong file extension</source>
   <translation>'{}'의 파일 확장자가 틀립니다</translation>
  </message>
  <message>
   <source>'{}' is a date and time, not a number</source>
   <translation>'{}'은(는) 숫자가 아니라 날짜와 시각입니다</translation>
  </message>
  <message>
   <source>'{}' is a date, not a number; spreadsheets turn entries such as 1.5 into dates: set the cells' format to number, then enter the value again</source>
   <translation>'{}'은(는) 숫자가 아니라 날짜입니다. 스프레드시트는 1.5 같은 입력을 날짜로 바꾸기도 합니다. 셀 서식을 숫자로 바꾼 다음 값을 다시 입력하십시오</translation>
  </message>
  <message>
   <source>'{}' is a folder</source>
   <translation>'{}'은(는) 폴더입니다</translation>
  </message>
  <message>
   <source>'{}' is a result of '{}'</source>
   <translation>'{}'은(는) '{}'의 결과입니다</translation>
  </message>
  <message>
   <source>'{}' is a time of day, not a number</source>
   <translation>'{}'은(는) 숫자가 아니라 시각입니다</translation>
  </message>
  <message>
   <source>'{}' is a virtual path of GDAL</source>
   <translation>'{}'은(는) GDAL의 가상 경로입니다</translation>
  </message>
  <message>
   <source>'{}' is also the file of another output</source>
   <translation>'{}'은(는) 다른 출력의 파일이기도 합니다</translation>
  </message>
  <message>
   <source>'{}' is also the file of another output, or would share its style</source>
   <translation>'{}'은(는) 다른 출력의 파일이기도 하거나 그 스타일을 함께 쓰게 됩니다</translation>
  </message>
  <message>
   <source>'{}' is also the name of row {}</source>
   <translation>'{}'은(는) {}행의 이름이기도 합니다</translation>
  </message>
  <message>
   <source>'{}' is an input of this run</source>
   <translation>'{}'은(는) 이 실행의 입력입니다</translation>
  </message>
  <message>
   <source>'{}' is an input or a mask of this run</source>
   <translation>'{}'은(는) 이 실행의 입력이거나 마스크입니다</translation>
  </message>
  <message>
   <source>'{}' is an unfinished build</source>
   <translation>'{}'은(는) 만들기가 끝나지 않은 데이터 세트입니다</translation>
  </message>
  <message>
   <source>'{}' is damaged ({!r})</source>
   <translation>'{}'이(가) 손상되었습니다 ({!r})</translation>
  </message>
  <message>
   <source>'{}' is damaged ({})</source>
   <translation>'{}'이(가) 손상되었습니다 ({})</translation>
  </message>
  <message>
   <source>'{}' is missing: install the plugin again.</source>
   <translation>'{}' 파일이 없습니다. 플러그인을 다시 설치하십시오.</translation>
  </message>
  <message>
   <source>'{}' is not a GeoTIFF file name</source>
   <translation>'{}'은(는) GeoTIFF 파일 이름이 아닙니다</translation>
  </message>
  <message>
   <source>'{}' is not a field of the zones</source>
   <translation>'{}'은(는) 구역의 필드가 아닙니다</translation>
  </message>
  <message>
   <source>'{}' is not a list of class limits</source>
   <translation>'{}'은(는) 등급 경계값의 목록이 아닙니다</translation>
  </message>
  <message>
   <source>'{}' is not a number</source>
   <translation>'{}'은(는) 숫자가 아닙니다</translation>
  </message>
  <message>
   <source>'{}' is not a number: {}</source>
   <translation>'{}'은(는) 숫자가 아닙니다: {}</translation>
  </message>
  <message>
   <source>'{}' is not a safe file name (Windows reserves it for a device)</source>
   <translation>'{}'은(는) 안전한 파일 이름이 아닙니다 (Windows가 장치 이름으로 씁니다)</translation>
  </message>
  <message>
   <source>'{}' is not a safe file name (it begins or ends with a dot)</source>
   <translation>'{}'은(는) 안전한 파일 이름이 아닙니다 (마침표로 시작하거나 끝납니다)</translation>
  </message>
  <message>
   <source>'{}' is not a safe file name (it contains {!r})</source>
   <translation>'{}'은(는) 안전한 파일 이름이 아닙니다 ({!r}이(가) 들어 있습니다)</translation>
  </message>
  <message>
   <source>'{}' is not an amount of memory</source>
   <translation>'{}'은(는) 메모리 크기가 아닙니다</translation>
  </message>
  <message>
   <source>'{}' is not available with the first-order method</source>
   <translation>'{}'은(는) 1차 근사법에서 쓸 수 없습니다</translation>
  </message>
  <message>
   <source>'{}' is not the address of a scheduler</source>
   <translation>'{}'은(는) 스케줄러의 주소가 아닙니다</translation>
  </message>
  <message>
   <source>'{}' is open, as a layer of the project or in another program</source>
   <translation>'{}'이(가) 프로젝트의 레이어로 또는 다른 프로그램에서 열려 있습니다</translation>
  </message>
  <message>
   <source>'{}' is selected, but no output file is set for its raster</source>
   <translation>'{}'을(를) 골랐지만 그 래스터의 출력 파일이 지정되지 않았습니다</translation>
  </message>
  <message>
   <source>'{}' is too large a number</source>
   <translation>'{}'은(는) 너무 큰 수입니다</translation>
  </message>
  <message>
   <source>'{}' is unknown</source>
   <translation>'{}'은(는) 알 수 없는 값입니다</translation>
  </message>
  <message>
   <source>'{}' lacks {} of {} files, e.g. {}</source>
   <translation>'{0}'에 파일 {2}개 가운데 {1}개가 없습니다 (예: {3})</translation>
  </message>
  <message>
   <source>'{}' names no file and no table to write</source>
   <translation>'{}'에는 쓸 파일이나 표의 이름이 없습니다</translation>
  </message>
  <message>
   <source>'{}' needs more memory than there is</source>
   <translation>'{}'에 필요한 메모리가 부족합니다</translation>
  </message>
  <message>
   <source>'{}' was changed or removed during the run</source>
   <translation>'{}'이(가) 실행 중에 바뀌었거나 제거되었습니다</translation>
  </message>
  <message>
   <source>'{}' was made for another version of Slopecast: its {} is {}</source>
   <translation>'{}'은(는) 다른 버전의 Slopecast용으로 만들어졌습니다: {} = {}</translation>
  </message>
  <message>
   <source>'{}' was not made by Slopecast, which uses this name for temporary files</source>
   <translation>'{}'은(는) Slopecast가 만든 것이 아니며, Slopecast는 이 이름을 임시 파일에 씁니다</translation>
  </message>
  <message>
   <source>'{}' was read as {} because it is not UTF-8: check that its names are correct.</source>
   <translation>'{}'은(는) UTF-8이 아니어서 {}(으)로 읽었습니다. 이름이 올바른지 확인하십시오.</translation>
  </message>
  <message>
   <source>'{}' would share its style or projection file with '{}'</source>
   <translation>'{}'은(는) '{}'와(과) 스타일 또는 투영 파일을 함께 쓰게 됩니다</translation>
  </message>
  <message>
   <source>'{}', if this is the intended column</source>
   <translation>그 열이라면 '{}'</translation>
  </message>
  <message>
   <source>'{}', if this is the intended column; delete a column that is not needed</source>
   <translation>그 열이라면 '{}'. 필요 없는 열은 지우십시오</translation>
  </message>
  <message>
   <source>'{}...' is longer than {} bytes</source>
   <translation>'{}...'은(는) {}바이트보다 깁니다</translation>
  </message>
  <message>
   <source>'{}...' is not a number</source>
   <translation>'{}...'은(는) 숫자가 아닙니다</translation>
  </message>
  <message>
   <source>, but a camera model (RPC)</source>
   <translation> (RPC 카메라 모델만 있음)</translation>
  </message>
  <message>
   <source>, but {} control points</source>
   <translation> (지상기준점 {}개만 있음)</translation>
  </message>
  <message>
   <source>, {:,} of them with FS &amp;lt; 1 under initial conditions</source>
   <translation>, 그중 {:,}개는 초기 조건에서 FS &amp;lt; 1</translation>
  </message>
  <message>
   <source>, {} ha</source>
   <translation>, {} ha</translation>
  </message>
  <message>
   <source>-1 to 1</source>
   <translation>-1 ~ 1</translation>
  </message>
  <message>
   <source>-1 to 1; 0 draws them independently. Usual values are -0.2 to -0.7: soils with higher cohesion tend to have a lower friction angle.</source>
   <translation>-1~1. 0이면 서로 독립으로 추출합니다. 보통 -0.2~-0.7입니다. 점착력이 큰 흙은 내부마찰각이 작은 경향이 있습니다.</translation>
  </message>
  <message>
   <source>... and {} more lines</source>
   <translation>... 그 밖에 {}줄</translation>
  </message>
  <message>
   <source>0 % of the scenarios (never)</source>
   <translation>시나리오의 0 % (파괴 없음)</translation>
  </message>
  <message>
   <source>0 (bare rock) or more</source>
   <translation>0(암반 노출) 이상</translation>
  </message>
  <message>
   <source>0 (certain) to {:g}</source>
   <translation>0(확정) ~ {:g}</translation>
  </message>
  <message>
   <source>0 (certain) to {}</source>
   <translation>0(확정) ~ {}</translation>
  </message>
  <message>
   <source>0 (dry) or more, vertical metres above bedrock</source>
   <translation>0(건조) 이상, 기반암 위 연직 높이(m)</translation>
  </message>
  <message>
   <source>0 (stable) and 1 (failed), and NoData</source>
   <translation>0(안정), 1(파괴), NoData</translation>
  </message>
  <message>
   <source>0 (stable) and 1 (failed), or probabilities between them; for other maps choose the kind (KIND)</source>
   <translation>0(안정)과 1(파괴) 또는 그 사이의 확률. 다른 지도는 종류(KIND)를 고르십시오</translation>
  </message>
  <message>
   <source>0 and 1, NoData elsewhere</source>
   <translation>0과 1, 나머지는 NoData</translation>
  </message>
  <message>
   <source>0 both stable (TN), 1 both failed (TP), 2 only the prediction failed (FP), 3 only the reference failed (FN), NoData 255.</source>
   <translation>0 둘 다 안정 (TN), 1 둘 다 파괴 (TP), 2 예측만 파괴 (FP), 3 기준만 파괴 (FN), NoData 255.</translation>
  </message>
  <message>
   <source>0 h (before the rain)</source>
   <translation>0 h (강우 전)</translation>
  </message>
  <message>
   <source>0 h is the start of the rain, not the end of an interval</source>
   <translation>0 h는 강우의 시작이며 구간의 끝이 아닙니다</translation>
  </message>
  <message>
   <source>0 keeps the cell outlines, 1 to 5 round the corners. Cell counts, areas and values do not change.</source>
   <translation>0이면 셀의 윤곽을 그대로 두고, 1~5면 모서리를 둥글게 합니다. 셀 수, 면적, 값은 바뀌지 않습니다.</translation>
  </message>
  <message>
   <source>0 m (bare rock)</source>
   <translation>0 m (암반 노출)</translation>
  </message>
  <message>
   <source>0 m (none)</source>
   <translation>0 m (없음)</translation>
  </message>
  <message>
   <source>0 mm (all infiltrates)</source>
   <translation>0 mm (모두 침투)</translation>
  </message>
  <message>
   <source>0 mm/h (fails without rain)</source>
   <translation>0 mm/h (비 없이 파괴)</translation>
  </message>
  <message>
   <source>0 no influence; 1 groundwater from outside the elevation model may arrive within the event and is not included; NoData 255.</source>
   <translation>0 영향 없음, 1 강우 동안 수치표고모델 밖의 지하수가 이를 수 있으나 계산에서 빠진 셀, NoData 255.</translation>
  </message>
  <message>
   <source>0 none, 1 at the wetting front, 2 at the bedrock.</source>
   <translation>0 없음, 1 습윤전선, 2 기반암.</translation>
  </message>
  <message>
   <source>0 or more</source>
   <translation>0 이상</translation>
  </message>
  <message>
   <source>0 stable (factor of safety of 1 or more), 1 failed (below 1), NoData 255.</source>
   <translation>0 안정 (안전율 1 이상), 1 파괴 (1 미만), NoData 255.</translation>
  </message>
  <message>
   <source>0 stable before the event and at its end; 1 fails in the event; 2 unstable before the event (factor of safety below 1 under initial conditions) and at its end; 3 unstable before the event and stable at its end, as water drains; NoData 255. The failure mask shows classes 1 and 2 as failed.</source>
   <translation>0 강우 전과 강우 끝에 안정; 1 강우 중에 파괴; 2 강우 전에 불안정(초기 조건의 안전율이 1 미만)하고 강우 끝에도 불안정; 3 강우 전에 불안정하지만 물이 빠져 강우 끝에는 안정; NoData 255. 파괴 마스크는 유형 1과 2를 파괴로 표시합니다.</translation>
  </message>
  <message>
   <source>0 stable before the event and at its end; 1 fails in the event; 2 unstable before the event (factor of safety below 1 under initial conditions) and at its end; 3 unstable before the event and stable at its end, as water drains; NoData 255. The failure mask shows classes 1 and 2 as failed. With the minimum over the event (EVALUATE), class 1 fails at some time in the event, class 2 includes cells that are stable at its end, and class 3 does not occur.</source>
   <translation>0 강우 전과 강우 끝에 안정; 1 강우 중에 파괴; 2 강우 전에 불안정(초기 조건의 안전율이 1 미만)하고 강우 끝에도 불안정; 3 강우 전에 불안정하지만 물이 빠져 강우 끝에는 안정; NoData 255. 파괴 마스크는 유형 1과 2를 파괴로 표시합니다. 사건 전체의 최솟값(EVALUATE)을 쓰면 유형 1은 강우 중 한때 파괴, 유형 2에는 강우 끝에 안정한 셀도 포함되며, 유형 3은 나타나지 않습니다.</translation>
  </message>
  <message>
   <source>0 stable by both, 1 failed by both, 2 failed by the network only, 3 failed by the physics engine only, NoData 255. If this output is requested, the comparison with the physics engine is run.</source>
   <translation>0 둘 다 안정, 1 둘 다 파괴, 2 신경망에서만 파괴, 3 물리 엔진에서만 파괴, NoData 255. 이 출력을 요청하면 물리 엔진과의 비교가 실행됩니다.</translation>
  </message>
  <message>
   <source>0 stable even when saturated, 1 stable in this event, 2 failed in this event, 3 unstable even when dry.</source>
   <translation>0 포화되어도 안정, 1 이 강우에 안정, 2 이 강우에 파괴, 3 건조해도 불안정.</translation>
  </message>
  <message>
   <source>0 stable, 1 failed, NoData elsewhere, as Predict failure mask writes it; or a probability, a factor of safety or classes.</source>
   <translation>0 안정, 1 파괴, 그 밖은 NoData('파괴 마스크 예측'이 쓰는 마스크와 같음). 또는 확률, 안전율, 분류 지도.</translation>
  </message>
  <message>
   <source>0 to 1</source>
   <translation>0 ~ 1</translation>
  </message>
  <message>
   <source>0 to 1, calibrated to the share of landslide cells among the cells compared; not a probability in time.</source>
   <translation>0~1. 비교한 셀 가운데 산사태 셀의 비율에 맞춰 보정했습니다. 시간에 대한 확률이 아닙니다.</translation>
  </message>
  <message>
   <source>0 to 10; cells below 1 fail.</source>
   <translation>0~10. 1 미만인 셀은 파괴됩니다.</translation>
  </message>
  <message>
   <source>0 to below 1</source>
   <translation>0 이상 1 미만</translation>
  </message>
  <message>
   <source>0 to {:g} h</source>
   <translation>0 ~ {:g} h</translation>
  </message>
  <message>
   <source>0 to {:g} m</source>
   <translation>0 ~ {:g} m</translation>
  </message>
  <message>
   <source>0.02 to 0.05</source>
   <translation>0.02 ~ 0.05</translation>
  </message>
  <message>
   <source>0.05 to 0.1</source>
   <translation>0.05 ~ 0.1</translation>
  </message>
  <message>
   <source>0.1 to 0.2</source>
   <translation>0.1 ~ 0.2</translation>
  </message>
  <message>
   <source>0.2 to 0.4</source>
   <translation>0.2 ~ 0.4</translation>
  </message>
  <message>
   <source>0.4 to 1</source>
   <translation>0.4 ~ 1</translation>
  </message>
  <message>
   <source>1 in the mask</source>
   <translation>마스크에서 1</translation>
  </message>
  <message>
   <source>1 to 10000 years.</source>
   <translation>1~10000년.</translation>
  </message>
  <message>
   <source>1 to 100000, as a Latin hypercube; with 200 draws the standard error is at most 0.035, and probabilities below 0.015 may appear as 0.</source>
   <translation>1~100000, 라틴 하이퍼큐브 추출. 200회이면 표준오차는 최대 0.035이고, 0.015 미만의 확률은 0으로 나타날 수 있습니다.</translation>
  </message>
  <message>
   <source>1 to 60 m.</source>
   <translation>1~60 m.</translation>
  </message>
  <message>
   <source>10 % of the cells are steeper than {:.0f} deg, which is rare on natural slopes. Are the elevations of the DEM in feet, or exaggerated? They must be in metres.</source>
   <translation>셀의 10 %가 {:.0f}도보다 가파릅니다. 자연 사면에서는 드문 일입니다. 수치표고모델의 표고가 피트이거나 과장되어 있습니까? 미터여야 합니다.</translation>
  </message>
  <message>
   <source>10 to 2000; each is tried with 14 ratios of cohesion to friction.</source>
   <translation>10~2000. 각각을 점착력과 마찰의 비율 14가지로 시도합니다.</translation>
  </message>
  <message>
   <source>100 % of the scenarios (always)</source>
   <translation>시나리오의 100 % (항상 파괴)</translation>
  </message>
  <message>
   <source>2 to 20; each is held out once. With few landslides fewer blocks are used.</source>
   <translation>2~20. 블록마다 한 번씩 빼 두고 검증합니다. 산사태가 적으면 더 적은 블록을 씁니다.</translation>
  </message>
  <message>
   <source>&lt;b&gt;Cohesion: {:g} kPa&lt;/b&gt; (now {:g} kPa: {:.1f} % of the cells are stable)</source>
   <translation>&lt;b&gt;점착력: {:g} kPa&lt;/b&gt; (현재 {:g} kPa: 셀의 {:.1f} %가 안정)</translation>
  </message>
  <message>
   <source>&lt;b&gt;{:,} of {:,} cells fail ({:.3g} %{}){}.&lt;/b&gt;</source>
   <translation>&lt;b&gt;셀 {1:,}개 가운데 {0:,}개가 파괴됩니다 ({2:.3g} %{3}){4}.&lt;/b&gt;</translation>
  </message>
  <message>
   <source>&lt;b&gt;{} mm/h&lt;/b&gt;, {} mm in {:g} h</source>
   <translation>&lt;b&gt;{} mm/h&lt;/b&gt;, {} mm ({:g}시간)</translation>
  </message>
  <message>
   <source>&lt;p&gt;Cells with FS &amp;lt; 1 under initial conditions are unstable before the rain: the soil strength is too low for the slope, the initial water table too high, or the DEM or the soil depth has errors; the storm is not the cause.&lt;/p&gt;</source>
   <translation>&lt;p&gt;초기 조건에서 FS &amp;lt; 1인 셀은 비가 오기 전부터 불안정합니다. 사면에 비해 흙의 강도가 너무 낮거나 초기 지하수위가 너무 높거나, DEM 또는 토심에 오류가 있습니다. 호우 때문이 아닙니다.&lt;/p&gt;</translation>
  </message>
  <message>
   <source>&lt;p&gt;The reliability rates how well the mask agrees with the physics engine, and whether inputs are plausible. It does not rate whether the parameters are right or whether a landslide will occur.&lt;/p&gt;</source>
   <translation>&lt;p&gt;신뢰도는 마스크가 물리 엔진과 얼마나 일치하는지, 입력이 타당한지를 나타냅니다. 매개변수가 맞는지, 산사태가 일어날지는 나타내지 않습니다.&lt;/p&gt;</translation>
  </message>
  <message>
   <source>A GeoTIFF with one band per hour of the series; the band descriptions give the times, counted from 2000-01-01. QGIS 3.38 and newer play the layer with the temporal controller; older versions get a group of layers, one per band.</source>
   <translation>시계열의 시각마다 밴드가 하나씩 있는 GeoTIFF. 밴드 설명에 2000-01-01부터 센 시각이 있습니다. QGIS 3.38 이상에서는 시계열 제어기가 레이어를 재생하고, 그 전 버전에서는 밴드마다 레이어가 있는 그룹을 추가합니다.</translation>
  </message>
  <message>
   <source>A cell counts as failed at or above this probability or class, or below this factor of safety. If omitted: probability 0.5, class 1, factor of safety 1; for failure classes, classes 1 and 2, which are unstable at the end of the event; for stability classes, 2 and 3. Not needed for a mask.</source>
   <translation>이 확률이나 분류값 이상, 또는 이 안전율 미만인 셀을 파괴로 봅니다. 비워 두면 확률 0.5, 분류 1, 안전율 1이며, 파괴 유형은 강우 사상이 끝날 때 불안정한 1과 2, 안정성 분류는 2와 3입니다. 마스크에는 필요 없습니다.</translation>
  </message>
  <message>
   <source>A failed cell has a factor of safety below 1 in the infinite-slope model with these parameters. The map is a screening result. It does not forecast that a landslide will occur there, nor how far one would travel. Check it against mapped landslides, and do not base evacuations or permits on it alone.</source>
   <translation>파괴 셀은 이 매개변수를 쓴 무한사면 모델에서 안전율이 1 미만인 셀입니다. 이 지도는 선별용 결과입니다. 그곳에서 산사태가 일어날지, 얼마나 멀리 이동할지를 예보하지 않습니다. 조사된 산사태와 비교하고, 이 지도만으로 대피나 인허가를 결정하지 마십시오.</translation>
  </message>
  <message>
   <source>A hole is a group of valid cells enclosed by cells of one class. The cells of a filled hole become part of the polygon. Holes that touch NoData are kept. 0 fills no holes.</source>
   <translation>구멍은 같은 분류의 셀로 둘러싸인 유효 셀의 무리입니다. 메운 구멍의 셀은 폴리곤에 속하게 됩니다. NoData에 닿은 구멍은 그대로 둡니다. 0이면 메우지 않습니다.</translation>
  </message>
  <message>
   <source>A large study area: press the button above to read it.</source>
   <translation>대상 지역이 큽니다. 위의 버튼을 누르면 읽습니다.</translation>
  </message>
  <message>
   <source>A raster written by Slopecast, drawn with its style in the project.</source>
   <translation>Slopecast가 쓴 래스터. 프로젝트의 스타일로 그립니다.</translation>
  </message>
  <message>
   <source>A result of Slopecast. Choose the layer that it was computed from.</source>
   <translation>Slopecast의 결과입니다. 계산에 쓴 원래 레이어를 고르십시오.</translation>
  </message>
  <message>
   <source>A single study area: the scenarios are split by case, so test cases come from an area used in training.</source>
   <translation>대상 지역이 하나여서 시나리오를 사례별로 나눕니다. 따라서 시험 사례도 학습에 쓴 지역의 것입니다.</translation>
  </message>
  <message>
   <source>A stopped training is continued from its checkpoint in {}.</source>
   <translation>중단된 학습을 {}의 체크포인트에서 이어 갑니다.</translation>
  </message>
  <message>
   <source>A3, landscape</source>
   <translation>A3 가로</translation>
  </message>
  <message>
   <source>A3, portrait</source>
   <translation>A3 세로</translation>
  </message>
  <message>
   <source>A4, landscape</source>
   <translation>A4 가로</translation>
  </message>
  <message>
   <source>A4, portrait</source>
   <translation>A4 세로</translation>
  </message>
  <message>
   <source>AUC</source>
   <translation>AUC</translation>
  </message>
  <message>
   <source>AUC of the factor of safety of the soil column, without lateral flow, for each method of 'Estimate soil depth' with its default bounds; all other parameters have their defaults. The AUC of slope angle alone is {:.3f}.</source>
   <translation>'토심 추정'의 각 방법을 기본 상한과 하한으로 썼을 때, 측방 흐름이 없는 토층 기둥의 안전율의 AUC. 다른 매개변수는 모두 기본값입니다. 경사각만의 AUC는 {:.3f}입니다.</translation>
  </message>
  <message>
   <source>AUC of the factor of safety with the parameters entered</source>
   <translation>입력한 값을 쓴 안전율의 AUC</translation>
  </message>
  <message>
   <source>AUC of the map</source>
   <translation>지도의 AUC</translation>
  </message>
  <message>
   <source>AUC of the map minus AUC of slope</source>
   <translation>지도의 AUC에서 경사의 AUC를 뺀 값</translation>
  </message>
  <message>
   <source>AUC of the slope angle alone</source>
   <translation>경사각만의 AUC</translation>
  </message>
  <message>
   <source>AUC of {} against the shift of the landslides; darker means higher</source>
   <translation>산사태의 이동량에 따른 {}의 AUC. 진할수록 높습니다</translation>
  </message>
  <message>
   <source>AUC of {} at the mapped position (ring): {:.3f}. Highest AUC: {:.3f}, with the landslides shifted {:g} m north and {:g} m east. Probability of such a gain by chance: {:.3f}.</source>
   <translation>조사된 위치(고리)에서 {}의 AUC: {:.3f}. 가장 높은 AUC: {:.3f}(산사태를 북쪽으로 {:g} m, 동쪽으로 {:g} m 옮겼을 때). 우연만으로 이만큼 높아질 확률: {:.3f}.</translation>
  </message>
  <message>
   <source>AUC of {} at the mapped position (ring): {:.3f}. No shift of the landslides gives a higher one.</source>
   <translation>조사된 위치(고리)에서 {}의 AUC: {:.3f}. 산사태를 어디로 옮겨도 이보다 높지 않습니다.</translation>
  </message>
  <message>
   <source>Above the largest cohesion allowed, {:g} kPa: check the soil depth and the water table.</source>
   <translation>허용되는 최대 점착력 {:g} kPa보다 큽니다. 토심과 지하수위를 확인하십시오.</translation>
  </message>
  <message>
   <source>According to its metadata, estimated from the DEM alone: a rough estimate.</source>
   <translation>메타데이터에 따르면 DEM만으로 추정한 토심입니다. 대략적인 추정일 뿐입니다.</translation>
  </message>
  <message>
   <source>According to its metadata, the same depth in every cell: a rough estimate.</source>
   <translation>메타데이터에 따르면 모든 셀에서 같은 토심입니다. 대략적인 추정입니다.</translation>
  </message>
  <message>
   <source>Accuracy</source>
   <translation>정확도</translation>
  </message>
  <message>
   <source>Accuracy by share of failed cells</source>
   <translation>파괴 셀 비율별 정확도</translation>
  </message>
  <message>
   <source>Add the layers to the project</source>
   <translation>레이어를 프로젝트에 추가</translation>
  </message>
  <message>
   <source>Add the masks to the project</source>
   <translation>마스크를 프로젝트에 추가</translation>
  </message>
  <message>
   <source>Add the masks to the project after the run, as a group; if failure classes are written, these are added instead. More than 50 are not added.</source>
   <translation>실행 뒤 마스크를 그룹으로 프로젝트에 추가합니다. 파괴 유형을 쓰면 마스크 대신 파괴 유형을 추가합니다. 50개를 넘으면 추가하지 않습니다.</translation>
  </message>
  <message>
   <source>Additional cohesion from roots, down to the root depth.</source>
   <translation>뿌리 깊이까지 뿌리가 더하는 점착력.</translation>
  </message>
  <message>
   <source>Additional cohesion from roots, down to the root depth. By zone.</source>
   <translation>뿌리 깊이까지 뿌리가 더하는 점착력. 구역별.</translation>
  </message>
  <message>
   <source>Address of a dask.distributed scheduler, e.g. tcp://127.0.0.1:8786. If empty, only this computer is used. The workers compute the hydrology of the draws or rows; with the first-order method lateral flow. All workers must have the output folder under the same path. Requires the Python package distributed.</source>
   <translation>dask.distributed 스케줄러의 주소(예: tcp://127.0.0.1:8786). 비우면 이 컴퓨터만 사용합니다. 작업자는 추출이나 행의 수문을 계산하고, 1차 근사법에서는 측방 흐름을 계산합니다. 모든 작업자에서 출력 폴더의 경로가 같아야 합니다. Python 패키지 distributed가 필요합니다.</translation>
  </message>
  <message>
   <source>Address of a dask.distributed scheduler, e.g. tcp://127.0.0.1:8786. If empty, only this computer is used. The workers compute the hydrology of the rows. All workers must have the output folder under the same path. Requires the Python package distributed.</source>
   <translation>dask.distributed 스케줄러의 주소, 예: tcp://127.0.0.1:8786. 비워 두면 이 컴퓨터에서만 계산합니다. 작업자가 행의 수문을 계산합니다. 모든 작업자가 출력 폴더를 같은 경로로 볼 수 있어야 합니다. Python 패키지 distributed가 필요합니다.</translation>
  </message>
  <message>
   <source>Address of a dask.distributed scheduler, e.g. tcp://127.0.0.1:8786. If empty, only this computer is used. The workers compute the windows of a map that is too large to be solved whole; one of them computes a smaller map. All workers must have the output folder under the same path. Requires the Python package distributed.</source>
   <translation>dask.distributed 스케줄러의 주소(예: tcp://127.0.0.1:8786). 비우면 이 컴퓨터만 사용합니다. 작업자는 한 번에 계산하기에 너무 큰 지도의 창을 계산하며, 더 작은 지도는 작업자 하나가 계산합니다. 모든 작업자에서 출력 폴더의 경로가 같아야 합니다. Python 패키지 distributed가 필요합니다.</translation>
  </message>
  <message>
   <source>Address of a dask.distributed scheduler, e.g. tcp://127.0.0.1:8786. If empty, only this computer is used. The workers run the physics engine on the best sets. All workers must have the output folder under the same path. Requires the Python package distributed.</source>
   <translation>dask.distributed 스케줄러의 주소, 예: tcp://127.0.0.1:8786. 비워 두면 이 컴퓨터에서만 계산합니다. 작업자가 가장 좋은 조합에 물리 엔진을 실행합니다. 모든 작업자가 출력 폴더를 같은 경로로 볼 수 있어야 합니다. Python 패키지 distributed가 필요합니다.</translation>
  </message>
  <message>
   <source>Address of a dask.distributed scheduler, e.g. tcp://127.0.0.1:8786. If empty, only this computer is used. The workers simulate the scenarios in place of local threads. All workers must have the output folder under the same path. Requires the Python package distributed.</source>
   <translation>dask.distributed 스케줄러의 주소(예: tcp://127.0.0.1:8786). 비워 두면 이 컴퓨터만 사용합니다. 로컬 스레드 대신 워커가 시나리오를 시뮬레이션합니다. 모든 워커가 같은 경로로 출력 폴더에 접근할 수 있어야 합니다. Python 패키지 distributed가 필요합니다.</translation>
  </message>
  <message>
   <source>Advanced</source>
   <translation>고급</translation>
  </message>
  <message>
   <source>Agreement</source>
   <translation>일치도</translation>
  </message>
  <message>
   <source>Agreement with the engine on the validation cases by epoch</source>
   <translation>에포크별 검증 사례에서 물리 엔진과의 일치도</translation>
  </message>
  <message>
   <source>Agreement with the physics engine</source>
   <translation>물리 엔진과의 일치</translation>
  </message>
  <message>
   <source>Align it to the grid of the other with Raster &gt; Projections &gt; Warp (Reproject), nearest neighbour.</source>
   <translation>래스터 &gt; 투영체 &gt; 워프(재투영)에서 최근린 방식으로 다른 쪽의 격자에 맞추십시오.</translation>
  </message>
  <message>
   <source>All cases</source>
   <translation>모든 사례</translation>
  </message>
  <message>
   <source>All figures show agreement with Slopecast's physics engine, not with observations: all solvers use the same soil depth and the same initial water table, and errors in these inputs affect all solvers equally.</source>
   <translation>모든 수치는 관측이 아니라 Slopecast의 물리 엔진과의 일치도입니다. 모든 해석기가 같은 토심과 같은 초기 지하수위를 쓰므로, 이 입력의 오차는 모든 해석기에 똑같이 영향을 줍니다.</translation>
  </message>
  <message>
   <source>All options...</source>
   <translation>모든 옵션...</translation>
  </message>
  <message>
   <source>All scores in this section are held out: the landslides are divided into spatial blocks, and those of each block are ranked by a model fitted only to the other blocks, including the choice of parameter sets, strength and soil depth. The AUC is the mean over the blocks, weighted by their landslide cells: the probability that a landslide cell of a block ranks above a stable cell of the same block (0.5 is chance, 1 is perfect). The intervals are 95 % bootstrap intervals from 1000 resamples, which draw whole landslides with their cells (at most 20 of each are compared). Intervals of fitted models are widened because the blocks share training landslides (Nadeau &amp; Bengio 2003). Hit rate and false-alarm rate are shares of cells, not of landslides. The success-rate curve uses a random sample of up to 2000 cells of the area. Validating these maps with the same landslides gives higher scores, which are not held out.</source>
   <translation>이 절의 모든 점수는 교차 검증 점수입니다. 산사태를 공간 블록으로 나누고, 각 블록의 산사태는 매개변수 조합, 강도, 토심의 선택까지 다른 블록에만 맞춘 모델로 순위를 매깁니다. AUC는 산사태 셀 수로 가중한 블록 평균으로, 한 블록의 산사태 셀이 같은 블록의 안정 셀보다 높은 순위일 확률입니다(0.5는 우연, 1은 완전). 구간은 1000번 재추출한 95 % 부트스트랩 구간이며, 산사태를 그 셀과 함께 통째로 뽑습니다(산사태마다 많아야 20개 셀을 비교). 블록들이 학습 산사태를 공유하므로 맞춘 모델의 구간은 넓혔습니다(Nadeau &amp; Bengio 2003). 적중률과 오경보율은 산사태가 아니라 셀의 비율입니다. 성공률 곡선에는 지역에서 무작위로 뽑은 셀을 2000개까지 씁니다. 같은 산사태로 이 지도를 검증하면 점수가 더 높지만 교차 검증 점수가 아닙니다.</translation>
  </message>
  <message>
   <source>Allowed</source>
   <translation>허용 범위</translation>
  </message>
  <message>
   <source>Allowed: 0 to 0.01 m/s. If omitted, no raster is written.</source>
   <translation>허용 범위: 0 ~ 0.01 m/s. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: 0 to 0.595. If omitted, no raster is written.</source>
   <translation>허용 범위: 0 ~ 0.595. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: 0 to 1. If omitted, no raster is written.</source>
   <translation>허용 범위: 0 ~ 1. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: 0 to 100 kPa. If omitted, no raster is written.</source>
   <translation>허용 범위: 0 ~ 100 kPa. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: 0 to 16 kN/m3. If omitted, no raster is written.</source>
   <translation>허용 범위: 0 ~ 16 kN/m3. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: 0 to 17 kN/m3. If omitted, no raster is written.</source>
   <translation>허용 범위: 0 ~ 17 kN/m3. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: 0 to 20 m. If omitted, no raster is written.</source>
   <translation>허용 범위: 0 ~ 20 m. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: 0 to 200 kPa. If omitted, no raster is written.</source>
   <translation>허용 범위: 0 ~ 200 kPa. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: 0 to 3 m. If omitted, no raster is written.</source>
   <translation>허용 범위: 0 ~ 3 m. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: 0 to 300 mm/h. If omitted, no raster is written.</source>
   <translation>허용 범위: 0 ~ 300 mm/h. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: 0 to 50 kPa. If omitted, no raster is written.</source>
   <translation>허용 범위: 0 ~ 50 kPa. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: 0 to 50 m. If omitted, no raster is written.</source>
   <translation>허용 범위: 0 ~ 50 m. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: 0 to 54 deg. If omitted, no raster is written.</source>
   <translation>허용 범위: 0 ~ 54 deg. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: 0 to 999.99. If omitted, no raster is written.</source>
   <translation>허용 범위: 0 ~ 999.99. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: 0.005 to 0.6. If omitted, no raster is written.</source>
   <translation>허용 범위: 0.005 ~ 0.6. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: 0.01 to 1000. If omitted, no raster is written.</source>
   <translation>허용 범위: 0.01 ~ 1000. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: 1 to 55 deg. If omitted, no raster is written.</source>
   <translation>허용 범위: 1 ~ 55 deg. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: 10 to 26 kN/m3. If omitted, no raster is written.</source>
   <translation>허용 범위: 10 ~ 26 kN/m3. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: 10 to 27 kN/m3. If omitted, no raster is written.</source>
   <translation>허용 범위: 10 ~ 27 kN/m3. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: 1e-10 to 0.01 m/s. If omitted, no raster is written.</source>
   <translation>허용 범위: 1e-10 ~ 0.01 m/s. 비워 두면 래스터를 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Allowed: {}</source>
   <translation>허용 범위: {}</translation>
  </message>
  <message>
   <source>Allowed: {}.</source>
   <translation>허용 범위: {}.</translation>
  </message>
  <message>
   <source>Allowed: {}; default {:g}.</source>
   <translation>허용 범위: {}; 기본값 {:g}.</translation>
  </message>
  <message>
   <source>Also map</source>
   <translation>함께 만들 지도</translation>
  </message>
  <message>
   <source>Also run the physics engine on the same scenario, and compare the masks. The log, the metadata and the outputs ENGINE_IOU and ENGINE_DIFFERENT_CELLS give the result. If the IoU is below 0.95, the mask is not rated trusted.</source>
   <translation>같은 시나리오를 물리 엔진으로도 실행하고 마스크를 비교합니다. 결과는 로그와 메타데이터, 출력 ENGINE_IOU와 ENGINE_DIFFERENT_CELLS에 있습니다. IoU가 0.95보다 작으면 마스크를 신뢰 등급으로 평가하지 않습니다.</translation>
  </message>
  <message>
   <source>Always</source>
   <translation>항상</translation>
  </message>
  <message>
   <source>An earlier run with the output {} was interrupted while its results were moved: {} files were moved into place.</source>
   <translation>출력이 {}인 이전 실행이 결과를 옮기는 중에 중단되었습니다: 파일 {}개를 최종 위치로 옮겼습니다.</translation>
  </message>
  <message>
   <source>Antecedent recharge</source>
   <translation>선행 함양량</translation>
  </message>
  <message>
   <source>Apple GPU (mps)</source>
   <translation>Apple GPU (mps)</translation>
  </message>
  <message>
   <source>Architecture</source>
   <translation>구조</translation>
  </message>
  <message>
   <source>Architecture (ARCHITECTURE)</source>
   <translation>구조 (ARCHITECTURE)</translation>
  </message>
  <message>
   <source>Area [ha]</source>
   <translation>면적 [ha]</translation>
  </message>
  <message>
   <source>Area to compare</source>
   <translation>비교 구역</translation>
  </message>
  <message>
   <source>Area to evaluate</source>
   <translation>평가 구역</translation>
  </message>
  <message>
   <source>Area under the ROC curve</source>
   <translation>ROC 곡선 아래 면적</translation>
  </message>
  <message>
   <source>Area under the ROC curve of the slope angle alone (-1 without DEM)</source>
   <translation>경사각만의 ROC 곡선 아래 면적 (DEM이 없으면 -1)</translation>
  </message>
  <message>
   <source>Area under the success-rate curve</source>
   <translation>성공률 곡선 아래 면적</translation>
  </message>
  <message>
   <source>Areas</source>
   <translation>구역</translation>
  </message>
  <message>
   <source>Ascending numbers above 0 and below 1, separated by commas. They divide the failed share of the valid cells (for a probability its mean) into hazard classes: 1 below the first limit, 2 from the first limit, and so on. The default limits are assumptions: use those of your guideline.</source>
   <translation>0보다 크고 1보다 작은 오름차순의 수를 쉼표로 나누어 입력합니다. 이 값들이 유효 셀에 대한 파괴 비율(확률 지도는 평균)을 위험 등급으로 나눕니다: 첫 경계값 미만은 1, 첫 경계값부터는 2, 이런 식입니다. 기본 경계값은 가정한 값입니다. 따르는 지침의 값을 쓰십시오.</translation>
  </message>
  <message>
   <source>Assign the coordinate system without its vertical part (Raster &gt; Projections &gt; Assign Projection) if the values are in metres; else convert them with Raster &gt; Raster Calculator.</source>
   <translation>값이 미터 단위이면 수직 좌표계를 뺀 좌표계를 지정하고(래스터 &gt; 투영체 &gt; 투영체 적용), 아니면 래스터 &gt; 래스터 계산기에서 값을 환산하십시오.</translation>
  </message>
  <message>
   <source>Automatic: the fastest available</source>
   <translation>자동: 쓸 수 있는 가장 빠른 장치</translation>
  </message>
  <message>
   <source>Averages over many soils; conductivity varies by a factor of 10 or more. Roots and soil pipes increase it.</source>
   <translation>여러 흙의 평균입니다. 투수계수는 10배 이상 차이가 납니다. 뿌리와 흙 속 파이프가 있으면 커집니다.</translation>
  </message>
  <message>
   <source>Back-calculate cohesion</source>
   <translation>점착력 역산</translation>
  </message>
  <message>
   <source>Back-calculate cohesion...</source>
   <translation>점착력 역산...</translation>
  </message>
  <message>
   <source>Batch size</source>
   <translation>배치 크기</translation>
  </message>
  <message>
   <source>Batch size (BATCH_SIZE)</source>
   <translation>배치 크기 (BATCH_SIZE)</translation>
  </message>
  <message>
   <source>Batch size, learning rate</source>
   <translation>배치 크기, 학습률</translation>
  </message>
  <message>
   <source>Before the last changes: {}</source>
   <translation>마지막 변경 이전의 결과: {}</translation>
  </message>
  <message>
   <source>Before the rain: initial water table only.</source>
   <translation>강우 전: 초기 지하수위만 고려.</translation>
  </message>
  <message>
   <source>Best sets</source>
   <translation>최적 조합</translation>
  </message>
  <message>
   <source>Both masks are the same raster: the metrics compare it with itself.</source>
   <translation>두 마스크가 같은 래스터입니다. 지표는 자기 자신과 비교한 값입니다.</translation>
  </message>
  <message>
   <source>Build a training set</source>
   <translation>학습 자료 만들기</translation>
  </message>
  <message>
   <source>Build again with the same inputs and folder: finished shards are kept.</source>
   <translation>같은 입력과 폴더로 다시 만드십시오. 끝난 조각은 그대로 둡니다.</translation>
  </message>
  <message>
   <source>Build it with 'Build a training set'.</source>
   <translation>'학습 자료 만들기'로 만드십시오.</translation>
  </message>
  <message>
   <source>Build one with 'Build a training set'; a few dozen cases are enough for fine-tuning.</source>
   <translation>'학습 자료 만들기'로 만드십시오. 미세 조정에는 사례 수십 개면 충분합니다.</translation>
  </message>
  <message>
   <source>Build the data set again with this version.</source>
   <translation>이 버전으로 데이터 세트를 다시 만드십시오.</translation>
  </message>
  <message>
   <source>C&amp;ompute on</source>
   <translation>연산 장치(&amp;O)</translation>
  </message>
  <message>
   <source>CH, fat clay</source>
   <translation>CH, 고소성 점토</translation>
  </message>
  <message>
   <source>CL, lean clay</source>
   <translation>CL, 저소성 점토</translation>
  </message>
  <message>
   <source>CSV</source>
   <translation>CSV</translation>
  </message>
  <message>
   <source>CSV files</source>
   <translation>CSV 파일</translation>
  </message>
  <message>
   <source>Calibrate the strength first: if these slopes are stable in nature, the cohesion is too low, or soil depth or water table are too high. 'Back-calculate cohesion' computes the cohesion that makes them stable.</source>
   <translation>먼저 강도를 보정하십시오. 실제로 안정한 사면이라면 점착력이 너무 낮거나 토심 또는 지하수위가 너무 높습니다. '점착력 역산'은 이 사면들을 안정하게 하는 점착력을 계산합니다.</translation>
  </message>
  <message>
   <source>Calibrate the strength: with a cohesion of {:g} kPa instead of {:g} kPa, {:g} % of the cells have FS &gt;= 1 under initial conditions.</source>
   <translation>강도를 보정하십시오. 점착력을 {:g} kPa로 하면(현재 {:g} kPa) 초기 조건에서 셀의 {:g} %가 FS &gt;= 1이 됩니다.</translation>
  </message>
  <message>
   <source>Calibrate the strength: with the cohesion raster multiplied by {:g}, {:g} % of the cells have FS &gt;= 1 under initial conditions.</source>
   <translation>강도를 보정하십시오. 점착력 래스터에 {:g}을(를) 곱하면 초기 조건에서 셀의 {:g} %가 FS &gt;= 1이 됩니다.</translation>
  </message>
  <message>
   <source>Calibrate to landslides</source>
   <translation>산사태에 맞춰 보정</translation>
  </message>
  <message>
   <source>Calibrate to landslides...</source>
   <translation>산사태에 맞춰 보정...</translation>
  </message>
  <message>
   <source>Calibrated probability, 0 to 1, that the physics engine would compute a factor of safety below 1. It describes the error of the network, not the uncertainty of the soil. Not available with the physics engine.</source>
   <translation>물리 엔진이 안전율을 1 미만으로 계산할 보정된 확률(0~1). 신경망의 오차를 나타내며 흙의 불확실성이 아닙니다. 물리 엔진에서는 쓸 수 없습니다.</translation>
  </message>
  <message>
   <source>Calibrated sets</source>
   <translation>보정한 매개변수 조합</translation>
  </message>
  <message>
   <source>Calibrated: AUC {:.3f}, slope angle {:.3f}.</source>
   <translation>보정 완료: AUC {:.3f}, 경사각 {:.3f}.</translation>
  </message>
  <message>
   <source>Calibration and evaluation</source>
   <translation>보정과 평가</translation>
  </message>
  <message>
   <source>Calibration error</source>
   <translation>보정 오차</translation>
  </message>
  <message>
   <source>Calibration error, {}</source>
   <translation>보정 오차, {}</translation>
  </message>
  <message>
   <source>Calibration failed: AUC {:.3f}.</source>
   <translation>보정 실패: AUC {:.3f}.</translation>
  </message>
  <message>
   <source>Calibration of the model confidence</source>
   <translation>모델 신뢰도의 보정</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>취소</translation>
  </message>
  <message>
   <source>Cancelled by the user; nothing was written to the results.</source>
   <translation>사용자가 취소했습니다. 결과에는 아무것도 쓰지 않았습니다.</translation>
  </message>
  <message>
   <source>Cancelled by the user; nothing was written.</source>
   <translation>사용자가 취소했습니다. 아무것도 쓰지 않았습니다.</translation>
  </message>
  <message>
   <source>Cancelled; nothing was written.</source>
   <translation>취소했습니다. 아무것도 쓰지 않았습니다.</translation>
  </message>
  <message>
   <source>Cannot run yet. {}</source>
   <translation>아직 실행할 수 없습니다. {}</translation>
  </message>
  <message>
   <source>Case (a): many failed cells in the paper</source>
   <translation>사례 (a): 논문에서 파괴 셀 많음</translation>
  </message>
  <message>
   <source>Case (b): few failed cells in the paper</source>
   <translation>사례 (b): 논문에서 파괴 셀 적음</translation>
  </message>
  <message>
   <source>Cases</source>
   <translation>사례</translation>
  </message>
  <message>
   <source>Cases (SPLIT)</source>
   <translation>사례 (SPLIT)</translation>
  </message>
  <message>
   <source>Cases per step; if empty, 8 (paper) or 4.</source>
   <translation>한 단계의 사례 수. 비우면 8(paper) 또는 4.</translation>
  </message>
  <message>
   <source>Cases simulated: {}.</source>
   <translation>모의한 사례: {}.</translation>
  </message>
  <message>
   <source>Cell size</source>
   <translation>셀 크기</translation>
  </message>
  <message>
   <source>Cell size [m]</source>
   <translation>셀 크기 [m]</translation>
  </message>
  <message>
   <source>Cells</source>
   <translation>셀 수</translation>
  </message>
  <message>
   <source>Cells by factor of safety; red: below 1, failed. The last bar contains all values from 2.9.</source>
   <translation>안전율별 셀 수. 빨강: 1 미만, 파괴. 마지막 막대는 2.9 이상 전체입니다.</translation>
  </message>
  <message>
   <source>Cells closer than this (between centres) to a landslide cell do not count as stable, because landslide outlines are approximate. Stable points are kept. 0 excludes no cells; three cell widths are usual.</source>
   <translation>중심이 산사태 셀의 중심에서 이 거리보다 가까운 셀은 안정으로 보지 않습니다. 산사태의 윤곽은 대략적이기 때문입니다. 안정 지점은 그대로 씁니다. 0이면 제외하지 않습니다. 보통 셀 폭의 세 배를 씁니다.</translation>
  </message>
  <message>
   <source>Cells in the polygons</source>
   <translation>폴리곤 안의 셀</translation>
  </message>
  <message>
   <source>Cells per side, 32 to 4000.</source>
   <translation>한 변의 셀 수, 32~4000.</translation>
  </message>
  <message>
   <source>Cells required to be stable</source>
   <translation>안정해야 할 셀</translation>
  </message>
  <message>
   <source>Cells that are stable before the event and at its end (class 0)</source>
   <translation>강우 전과 강우 끝에 안정한 셀 (유형 0)</translation>
  </message>
  <message>
   <source>Cells that count as failed: {}.</source>
   <translation>파괴로 보는 셀: {}.</translation>
  </message>
  <message>
   <source>Cells that differ from the physics engine's mask</source>
   <translation>물리 엔진 마스크와 다른 셀</translation>
  </message>
  <message>
   <source>Cells that fail in at least one scenario</source>
   <translation>한 시나리오 이상에서 파괴되는 셀</translation>
  </message>
  <message>
   <source>Cells that fail in the event (class 1)</source>
   <translation>강우 중에 파괴되는 셀 (유형 1)</translation>
  </message>
  <message>
   <source>Cells with FS &lt; 1 under initial conditions that are stable at the end (class 3)</source>
   <translation>초기 조건에서 FS &lt; 1이지만 끝에는 안정한 셀 (유형 3)</translation>
  </message>
  <message>
   <source>Cells with a failure probability of 0.5 or more</source>
   <translation>파괴 확률이 0.5 이상인 셀 수</translation>
  </message>
  <message>
   <source>Cells without colour do not fail or have no data.</source>
   <translation>색이 없는 셀은 파괴되지 않거나 자료가 없습니다.</translation>
  </message>
  <message>
   <source>Change soil and rainfall, and see on the map which cells fail</source>
   <translation>흙과 비를 바꾸며 어느 셀이 파괴되는지 지도에서 봅니다</translation>
  </message>
  <message>
   <source>Channels</source>
   <translation>채널</translation>
  </message>
  <message>
   <source>Channels of the U-Net's first level; if empty, 16 (paper) or 32.</source>
   <translation>U-Net 첫 단계의 채널 수. 비우면 16(paper) 또는 32.</translation>
  </message>
  <message>
   <source>Check address and firewall, and that the scheduler runs: dask scheduler --port 8786. Client, scheduler and workers need the same version of distributed.</source>
   <translation>주소와 방화벽, 스케줄러의 실행 여부를 확인하십시오: dask scheduler --port 8786. 클라이언트, 스케줄러, 작업자의 distributed 버전이 같아야 합니다.</translation>
  </message>
  <message>
   <source>Check both layers' extents and coordinate systems.</source>
   <translation>두 레이어의 범위와 좌표계를 확인하십시오.</translation>
  </message>
  <message>
   <source>Check both layers' extents and coordinate systems: do they overlap on the map?</source>
   <translation>두 레이어의 범위와 좌표계를 확인하십시오. 지도에서 서로 겹칩니까?</translation>
  </message>
  <message>
   <source>Check environment</source>
   <translation>환경 점검</translation>
  </message>
  <message>
   <source>Check environment...</source>
   <translation>환경 점검...</translation>
  </message>
  <message>
   <source>Check its NoData value.</source>
   <translation>NoData 값을 확인하십시오.</translation>
  </message>
  <message>
   <source>Check its unit: it must be in metres.</source>
   <translation>단위를 확인하십시오. 미터여야 합니다.</translation>
  </message>
  <message>
   <source>Check that the file exists and opens in QGIS.</source>
   <translation>파일이 있고 QGIS에서 열리는지 확인하십시오.</translation>
  </message>
  <message>
   <source>Check the area to evaluate, the distance around landslides and the stable points.</source>
   <translation>평가할 영역, 산사태 둘레의 거리, 안정 지점을 확인하십시오.</translation>
  </message>
  <message>
   <source>Check the coordinate systems of both layers: is one local, or of another planet?</source>
   <translation>두 레이어의 좌표계를 확인하십시오. 하나가 지역 좌표계이거나 다른 천체의 좌표계입니까?</translation>
  </message>
  <message>
   <source>Check the extents and coordinate systems of the layers, and the area to evaluate.</source>
   <translation>레이어의 범위와 좌표계, 그리고 평가할 영역을 확인하십시오.</translation>
  </message>
  <message>
   <source>Check the extents and coordinate systems of the layers, the area (MASK_LAYER) and the soil depth.</source>
   <translation>레이어의 범위와 좌표계, 영역(MASK_LAYER), 토심을 확인하십시오.</translation>
  </message>
  <message>
   <source>Check the extents and coordinate systems of the layers. Without this layer, stable cells are sampled.</source>
   <translation>레이어의 범위와 좌표계를 확인하십시오. 이 레이어가 없으면 안정 셀을 추출합니다.</translation>
  </message>
  <message>
   <source>Check the file; export layers of web services to GeoTIFF first.</source>
   <translation>파일을 확인하십시오. 웹 서비스 레이어는 먼저 GeoTIFF로 내보내십시오.</translation>
  </message>
  <message>
   <source>Check the layer's coordinate system.</source>
   <translation>레이어의 좌표계를 확인하십시오.</translation>
  </message>
  <message>
   <source>Check the path.</source>
   <translation>경로를 확인하십시오.</translation>
  </message>
  <message>
   <source>Check their NoData values, extents and coordinate systems.</source>
   <translation>NoData 값, 범위, 좌표계를 확인하십시오.</translation>
  </message>
  <message>
   <source>Check their NoData values.</source>
   <translation>NoData 값을 확인하십시오.</translation>
  </message>
  <message>
   <source>Check their signs and units: t in minutes, T in years, I in mm/h.</source>
   <translation>부호와 단위를 확인하십시오. t는 분, T는 년, I는 mm/h입니다.</translation>
  </message>
  <message>
   <source>Choose a GeoPackage (.gpkg) or a shapefile (.shp).</source>
   <translation>GeoPackage(.gpkg)나 셰이프파일(.shp)을 선택하십시오.</translation>
  </message>
  <message>
   <source>Choose a GeoPackage (.gpkg).</source>
   <translation>GeoPackage(.gpkg)를 선택하십시오.</translation>
  </message>
  <message>
   <source>Choose a folder on another disk, or clip the DEM to the study area.</source>
   <translation>다른 디스크의 폴더를 선택하거나 DEM을 대상 지역으로 잘라 내십시오.</translation>
  </message>
  <message>
   <source>Choose a folder on another disk, or fewer outputs.</source>
   <translation>다른 디스크의 폴더를 고르거나 출력을 줄이십시오.</translation>
  </message>
  <message>
   <source>Choose a shorter name.</source>
   <translation>더 짧은 이름을 선택하십시오.</translation>
  </message>
  <message>
   <source>Choose a smaller page, or close other programs.</source>
   <translation>더 작은 용지를 선택하거나 다른 프로그램을 닫으십시오.</translation>
  </message>
  <message>
   <source>Choose a soil depth raster from a file</source>
   <translation>파일에서 토심 래스터 선택</translation>
  </message>
  <message>
   <source>Choose an elevation raster from a file</source>
   <translation>파일에서 표고 래스터 선택</translation>
  </message>
  <message>
   <source>Choose an elevation raster: a layer of the project, or a file.</source>
   <translation>표고 래스터를 고르십시오: 프로젝트의 레이어 또는 파일.</translation>
  </message>
  <message>
   <source>Choose an empty or new folder.</source>
   <translation>비어 있거나 새로운 폴더를 선택하십시오.</translation>
  </message>
  <message>
   <source>Choose an output file or folder on a shared disk; workers on other computers cannot access a temporary output.</source>
   <translation>공유 디스크의 출력 파일이나 폴더를 고르십시오. 다른 컴퓨터의 작업자는 임시 출력에 접근할 수 없습니다.</translation>
  </message>
  <message>
   <source>Choose another distribution, or a mean above 0.</source>
   <translation>다른 분포를 고르거나 0보다 큰 평균을 주십시오.</translation>
  </message>
  <message>
   <source>Choose another field, or rename it if its name only seems to contain a unit.</source>
   <translation>다른 필드를 고르거나, 이름에 단위가 있는 것처럼 보일 뿐이면 필드 이름을 바꾸십시오.</translation>
  </message>
  <message>
   <source>Choose another file, or save to this GeoPackage as a table in it.</source>
   <translation>다른 파일을 고르거나, 이 GeoPackage 안의 테이블로 저장하십시오.</translation>
  </message>
  <message>
   <source>Choose another file.</source>
   <translation>다른 파일을 선택하십시오.</translation>
  </message>
  <message>
   <source>Choose another folder or rename the row.</source>
   <translation>다른 폴더를 고르거나 행의 이름을 바꾸십시오.</translation>
  </message>
  <message>
   <source>Choose another folder, or close files in it that are open in other programs.</source>
   <translation>다른 폴더를 고르거나, 그 안의 파일 가운데 다른 프로그램에서 열린 것을 닫으십시오.</translation>
  </message>
  <message>
   <source>Choose another folder, or remove that run.</source>
   <translation>다른 폴더를 고르거나 그 학습을 지우십시오.</translation>
  </message>
  <message>
   <source>Choose another folder, or rename or delete the file.</source>
   <translation>다른 폴더를 고르거나, 그 파일의 이름을 바꾸거나 지우십시오.</translation>
  </message>
  <message>
   <source>Choose another folder.</source>
   <translation>다른 폴더를 고르십시오.</translation>
  </message>
  <message>
   <source>Choose another layer.</source>
   <translation>다른 레이어를 고르십시오.</translation>
  </message>
  <message>
   <source>Choose another method, or omit the table.</source>
   <translation>다른 방법을 선택하거나 표를 비워 두십시오.</translation>
  </message>
  <message>
   <source>Choose another output file.</source>
   <translation>다른 출력 파일을 고르십시오.</translation>
  </message>
  <message>
   <source>Choose another output file; the input would be lost.</source>
   <translation>다른 출력 파일을 고르십시오. 그대로 두면 입력이 사라집니다.</translation>
  </message>
  <message>
   <source>Choose another output file; the other would be lost.</source>
   <translation>다른 출력 파일을 고르십시오. 그대로 두면 다른 파일이 사라집니다.</translation>
  </message>
  <message>
   <source>Choose another output folder.</source>
   <translation>다른 출력 폴더를 고르십시오.</translation>
  </message>
  <message>
   <source>Choose another place, or TEMPORARY_OUTPUT.</source>
   <translation>다른 위치 또는 TEMPORARY_OUTPUT을 선택하십시오.</translation>
  </message>
  <message>
   <source>Choose another, or build a larger data set.</source>
   <translation>다른 것을 고르거나 더 큰 데이터 세트를 만드십시오.</translation>
  </message>
  <message>
   <source>Choose the band in the layer's properties (Symbology &gt; Singleband gray), or extract it with Raster &gt; Conversion &gt; Translate (gdal_translate -b).</source>
   <translation>레이어 속성(심볼 &gt; 단일 밴드 그레이)에서 밴드를 고르거나 래스터 &gt; 변환 &gt; 변환 (포맷 변경)(gdal_translate -b)으로 밴드를 추출하십시오.</translation>
  </message>
  <message>
   <source>Choose the elevation model, not its rendered picture.</source>
   <translation>표고를 색으로 그린 영상이 아니라 수치표고모델을 고르십시오.</translation>
  </message>
  <message>
   <source>Choose the elevation model.</source>
   <translation>수치표고모델을 고르십시오.</translation>
  </message>
  <message>
   <source>Choose the failure mask, or enter the threshold (THRESHOLD) of the classes to count.</source>
   <translation>파괴 마스크를 선택하거나, 셀 분류의 임계값(THRESHOLD)을 입력하십시오.</translation>
  </message>
  <message>
   <source>Choose the field of at least one parameter.</source>
   <translation>적어도 매개변수 하나의 필드를 고르십시오.</translation>
  </message>
  <message>
   <source>Choose the field that holds the values of {}, or skip that output.</source>
   <translation>{}의 값이 든 필드를 고르거나 그 출력을 건너뛰십시오.</translation>
  </message>
  <message>
   <source>Choose the kind of map, or declare its NoData value in the layer's properties.</source>
   <translation>지도의 종류를 고르거나, 레이어 속성에서 NoData 값을 선언하십시오.</translation>
  </message>
  <message>
   <source>Choose the kind of map, or make a mask first with the raster calculator.</source>
   <translation>지도의 종류를 고르거나, 먼저 래스터 계산기로 마스크를 만드십시오.</translation>
  </message>
  <message>
   <source>Choose the kind of map.</source>
   <translation>지도의 종류를 고르십시오.</translation>
  </message>
  <message>
   <source>Choose the kind of map. Divide percent by 100, e.g. with Raster &gt; Raster Calculator.</source>
   <translation>지도의 종류를 고르십시오. 백분율은 100으로 나누십시오(예: 래스터 &gt; 래스터 계산기).</translation>
  </message>
  <message>
   <source>Choose the layer that contains it, or convert the values with Raster &gt; Raster Calculator. If the name only seems to contain a unit, rename the band.</source>
   <translation>그 값이 든 레이어를 고르거나, 래스터 &gt; 래스터 계산기로 값을 변환하십시오. 이름에 단위가 있는 것처럼 보일 뿐이면 밴드 이름을 바꾸십시오.</translation>
  </message>
  <message>
   <source>Choose the layer that contains it. If the values are right and the declared unit is wrong, write a new raster with Raster &gt; Raster Calculator, whose results declare no unit.</source>
   <translation>그 값이 든 레이어를 고르십시오. 값은 맞고 지정된 단위가 틀렸으면 래스터 &gt; 래스터 계산기로 래스터를 다시 쓰십시오. 래스터 계산기의 결과에는 단위가 지정되지 않습니다.</translation>
  </message>
  <message>
   <source>Choose the layer that it was computed from.</source>
   <translation>계산에 쓴 원래 레이어를 고르십시오.</translation>
  </message>
  <message>
   <source>Choose the layers above.</source>
   <translation>위의 레이어를 고르십시오.</translation>
  </message>
  <message>
   <source>Choose the method 'engine' for the minimum over the event.</source>
   <translation>강우 동안의 최솟값은 'engine' 방법을 고르십시오.</translation>
  </message>
  <message>
   <source>Choose the network's weights</source>
   <translation>신경망 가중치 선택</translation>
  </message>
  <message>
   <source>Choose the raster that contains it.</source>
   <translation>그 값이 든 래스터를 고르십시오.</translation>
  </message>
  <message>
   <source>Choose where to write the raster, or leave the field empty.</source>
   <translation>래스터를 쓸 곳을 고르거나 필드를 비워 두십시오.</translation>
  </message>
  <message>
   <source>Classes, whole numbers; 0 means no class</source>
   <translation>분류, 정수. 0은 없음</translation>
  </message>
  <message>
   <source>Clay</source>
   <translation>식토</translation>
  </message>
  <message>
   <source>Clay loam</source>
   <translation>식양토</translation>
  </message>
  <message>
   <source>Clip the DEM to the study area, resample it to larger cells, or raise the limit (environment variable {}).</source>
   <translation>DEM을 대상 지역으로 자르거나, 더 큰 셀로 재표본화하거나, 한도(환경 변수 {})를 높이십시오.</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>닫기</translation>
  </message>
  <message>
   <source>Closed map edges: no groundwater outflow.</source>
   <translation>지도 경계 닫힘: 지하수 유출 없음.</translation>
  </message>
  <message>
   <source>Closed: no groundwater outflow</source>
   <translation>닫힘: 지하수 유출 없음</translation>
  </message>
  <message>
   <source>Coefficient a of I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t)), t in minutes, T in years, I in mm/h; Seoul: 190.1.</source>
   <translation>I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t))의 계수 a. t는 분, T는 년, I는 mm/h. 서울: 190.1.</translation>
  </message>
  <message>
   <source>Coefficient a of I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t)), t in minutes, T in years, I in mm/h; Seoul: 366.6.</source>
   <translation>I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t))의 계수 a. t는 분, T는 년, I는 mm/h. 서울: 366.6.</translation>
  </message>
  <message>
   <source>Coefficient b of I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t)), t in minutes, T in years, I in mm/h; Seoul: 134.1.</source>
   <translation>I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t))의 계수 b. t는 분, T는 년, I는 mm/h. 서울: 134.1.</translation>
  </message>
  <message>
   <source>Coefficient b of I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t)), t in minutes, T in years, I in mm/h; Seoul: 84.88.</source>
   <translation>I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t))의 계수 b. t는 분, T는 년, I는 mm/h. 서울: 84.88.</translation>
  </message>
  <message>
   <source>Coefficient c of I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t)), t in minutes, T in years, I in mm/h; Seoul: -0.01775.</source>
   <translation>I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t))의 계수 c. t는 분, T는 년, I는 mm/h. 서울: -0.01775.</translation>
  </message>
  <message>
   <source>Coefficient c of I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t)), t in minutes, T in years, I in mm/h; Seoul: 0.02385.</source>
   <translation>I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t))의 계수 c. t는 분, T는 년, I는 mm/h. 서울: 0.02385.</translation>
  </message>
  <message>
   <source>Coefficient d of I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t)), t in minutes, T in years, I in mm/h; Seoul: -2.228.</source>
   <translation>I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t))의 계수 d. t는 분, T는 년, I는 mm/h. 서울: -2.228.</translation>
  </message>
  <message>
   <source>Coefficient d of I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t)), t in minutes, T in years, I in mm/h; Seoul: 1.254.</source>
   <translation>I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t))의 계수 d. t는 분, T는 년, I는 mm/h. 서울: 1.254.</translation>
  </message>
  <message>
   <source>Coefficient e of I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t)), t in minutes, T in years, I in mm/h; Seoul: 0.05396.</source>
   <translation>I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t))의 계수 e. t는 분, T는 년, I는 mm/h. 서울: 0.05396.</translation>
  </message>
  <message>
   <source>Coefficient e of I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t)), t in minutes, T in years, I in mm/h; Seoul: 0.5258.</source>
   <translation>I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t))의 계수 e. t는 분, T는 년, I는 mm/h. 서울: 0.5258.</translation>
  </message>
  <message>
   <source>Coefficients</source>
   <translation>계수</translation>
  </message>
  <message>
   <source>Coefficients of the rainfall curve</source>
   <translation>강우 곡선의 계수</translation>
  </message>
  <message>
   <source>Cohesion</source>
   <translation>점착력</translation>
  </message>
  <message>
   <source>Cohesion and friction angle are usually negatively correlated: -0.2 to -0.7.</source>
   <translation>점착력과 내부마찰각은 대개 음의 상관관계가 있습니다: -0.2 ~ -0.7.</translation>
  </message>
  <message>
   <source>Cohesion of {:g} kPa: back-calculated so that {:g} % of the cells have FS &gt;= 1 under initial conditions.</source>
   <translation>점착력 {:g} kPa: 초기 조건에서 셀의 {:g} %가 FS &gt;= 1이 되도록 역산한 값입니다.</translation>
  </message>
  <message>
   <source>Cohesion: distribution</source>
   <translation>점착력: 분포</translation>
  </message>
  <message>
   <source>Cohesion: standard deviation</source>
   <translation>점착력: 표준편차</translation>
  </message>
  <message>
   <source>Columns</source>
   <translation>열</translation>
  </message>
  <message>
   <source>Compare masks</source>
   <translation>마스크 비교</translation>
  </message>
  <message>
   <source>Compare with the physics engine</source>
   <translation>물리 엔진과 비교</translation>
  </message>
  <message>
   <source>Compared with the physics engine: {} of {} rows, IoU {:.3f} on average, minimum {:.3f}.</source>
   <translation>물리 엔진과 비교: {} / {}행, IoU 평균 {:.3f}, 최소 {:.3f}.</translation>
  </message>
  <message>
   <source>Compares a factor of safety, a failure probability or a failure mask with mapped landslides: ROC curve with AUC and its interval, success-rate curve, hit rate and false-alarm rate, the threshold that maximizes their difference, and a test whether the inventory is displaced, in one HTML report. With an elevation model, slope angle alone is evaluated as a baseline, and the methods of estimating soil depth are compared.</source>
   <translation>안전율, 파괴 확률, 파괴 마스크를 조사된 산사태와 비교합니다: AUC와 그 구간이 있는 ROC 곡선, 성공률 곡선, 적중률과 오경보율, 둘의 차이가 가장 큰 임계값, 산사태 목록의 위치가 어긋났는지의 검정을 HTML 보고서 하나에 담습니다. 수치표고모델이 있으면 경사각만의 결과를 기준으로 함께 평가하고, 토심을 추정하는 방법들을 비교합니다.</translation>
  </message>
  <message>
   <source>Compares a predicted failure mask with a reference cell by cell: a map of true and false positives and negatives, and the metrics. Cells that are NoData in either mask are ignored. Compared with the engine's mask, the metrics measure fidelity to the engine; compared with mapped landslides, agreement with observations.</source>
   <translation>예측한 파괴 마스크를 기준과 셀 단위로 비교하여 참·거짓 양성과 음성의 지도와 지표를 만듭니다. 한쪽 마스크라도 NoData인 셀은 무시합니다. 엔진의 마스크와 비교하면 엔진에 대한 충실도를, 조사된 산사태와 비교하면 관측과의 일치를 나타냅니다.</translation>
  </message>
  <message>
   <source>Comparison of soil depth models</source>
   <translation>토심 모델의 비교</translation>
  </message>
  <message>
   <source>Comparison with the figures of the paper</source>
   <translation>논문 수치와의 비교</translation>
  </message>
  <message>
   <source>Compiling the numerical code. This takes up to a minute and is done once.</source>
   <translation>수치 코드를 컴파일합니다. 최대 1분이 걸리며 한 번만 합니다.</translation>
  </message>
  <message>
   <source>Computes the cohesion at which most slopes have FS &gt;= 1 under initial conditions. The value is shown before it is used.</source>
   <translation>초기 조건에서 대부분의 사면이 FS &gt;= 1이 되는 점착력을 계산합니다. 값은 사용하기 전에 표시됩니다.</translation>
  </message>
  <message>
   <source>Computes the mean intensity and the depth of rainfall for a return period and a duration, from the intensity-duration-frequency curve I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t)), t in minutes, T in years, I in mm/h. The default coefficients are for Seoul, in two branches that are discontinuous at 360 minutes; replace them with those of your region. The intensity is the rainfall input of &lt;i&gt;Predict failure mask&lt;/i&gt; and &lt;i&gt;Simulate factor of safety&lt;/i&gt;.</source>
   <translation>재현기간과 지속시간에 대한 평균 강우강도와 강우량을 강우강도-지속시간-빈도 식 I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t))으로 계산합니다. t는 분, T는 년, I는 mm/h입니다. 기본 계수는 서울의 것이며 360분에서 서로 이어지지 않는 두 식으로 되어 있습니다. 해당 지역의 계수로 바꾸십시오. 이 강우강도가 &lt;i&gt;파괴 마스크 예측&lt;/i&gt;과 &lt;i&gt;안전율 모의&lt;/i&gt;의 강우 입력입니다.</translation>
  </message>
  <message>
   <source>Computes the probability that a cell fails when soil, soil depth and rainfall are uncertain: the share of the draws with a factor of safety below 1, or its first-order estimate. Each draw changes a parameter over the whole map at once; where lateral flow is weak, the probability of a cell is the same if the soil varies from place to place. The result describes the uncertainty of the soil; the network's own error is the model confidence of &lt;i&gt;Predict failure mask&lt;/i&gt;. If only strength and unit weights have standard deviations, the hydrology is computed once; with standard deviations of soil depth, rain, conductivity and similar parameters it is computed for each draw. The help of &lt;i&gt;Method&lt;/i&gt; lists where the first-order estimate is inaccurate.</source>
   <translation>흙, 토심, 비가 불확실할 때 셀이 파괴될 확률을 계산합니다: 안전율이 1 미만인 추출의 비율, 또는 그 1차 근사 추정값. 한 번의 추출은 매개변수를 지도 전체에서 함께 바꿉니다. 측방 흐름이 약한 곳에서는 흙이 곳에 따라 달라져도 셀의 확률이 같습니다. 결과는 흙의 불확실성을 나타내며, 신경망 자체의 오차는 &lt;i&gt;파괴 마스크 예측&lt;/i&gt;의 모델 확신도입니다. 강도와 단위중량에만 표준편차가 있으면 수문을 한 번만 계산합니다. 토심, 비, 투수계수 등에 표준편차가 있으면 추출마다 계산합니다. 1차 근사 추정이 부정확한 경우는 &lt;i&gt;방법&lt;/i&gt;의 도움말에 있습니다.</translation>
  </message>
  <message>
   <source>Computing</source>
   <translation>계산 중</translation>
  </message>
  <message>
   <source>Computing...</source>
   <translation>계산 중...</translation>
  </message>
  <message>
   <source>Computing; map and numbers are those of the previous values.</source>
   <translation>계산 중입니다. 지도와 숫자는 이전 값의 것입니다.</translation>
  </message>
  <message>
   <source>Constant down to the root depth</source>
   <translation>뿌리 깊이까지 일정</translation>
  </message>
  <message>
   <source>Constant: the mean of minimum and maximum depth</source>
   <translation>일정: 최소와 최대 깊이의 평균</translation>
  </message>
  <message>
   <source>Continue in the Processing dialog with these values: rasters in place of numbers, another network, batch runs</source>
   <translation>이 값으로 공간 처리 대화상자에서 계속합니다: 숫자 대신 래스터, 다른 신경망, 일괄 처리</translation>
  </message>
  <message>
   <source>Contribution of each attribute to the logit of the susceptibility, with the others constant; 0 is the mean. Outside the range of the cells compared, the end value of the curve is used.</source>
   <translation>다른 속성을 고정했을 때 취약성의 로짓에 대한 각 속성의 기여. 0은 평균입니다. 비교한 셀의 범위 밖에서는 곡선의 끝 값을 씁니다.</translation>
  </message>
  <message>
   <source>Convert them with Raster &gt; Raster Calculator. If they are in {} already, rename the layer or file.</source>
   <translation>래스터 &gt; 래스터 계산기로 변환하십시오. 이미 {} 단위이면 레이어나 파일의 이름을 바꾸십시오.</translation>
  </message>
  <message>
   <source>Converts polygons of geology, soil or land cover and their attributes to rasters of cohesion, friction angle, conductivity and other parameters on the grid of the elevation model: choose the field of each parameter, and a file for its raster. A cell gets the values of the zone at its centre; cells outside all zones are NoData and are excluded from every prediction. Use the rasters as parameter rasters of the predictions, and those of standard deviations in the failure probability.</source>
   <translation>지질, 토양, 토지피복 폴리곤과 속성을 수치표고모델의 격자에 맞는 점착력, 내부마찰각, 투수계수 등의 래스터로 변환합니다. 매개변수마다 필드와 래스터 파일을 고르십시오. 셀은 중심이 놓인 구역의 값을 가지며, 모든 구역 밖의 셀은 NoData가 되어 모든 예측에서 빠집니다. 래스터는 예측의 매개변수 래스터로, 표준편차 래스터는 파괴 확률에 쓰십시오.</translation>
  </message>
  <message>
   <source>Copy or export again what is missing or damaged.</source>
   <translation>없거나 손상된 파일을 다시 복사하거나 내보내십시오.</translation>
  </message>
  <message>
   <source>Correlation of cohesion and friction angle</source>
   <translation>점착력과 내부마찰각의 상관계수</translation>
  </message>
  <message>
   <source>Correlation of cohesion and friction angle (COHESION_FRICTION_CORRELATION)</source>
   <translation>점착력과 내부마찰각의 상관계수 (COHESION_FRICTION_CORRELATION)</translation>
  </message>
  <message>
   <source>Counts as failed</source>
   <translation>파괴 판정 시점</translation>
  </message>
  <message>
   <source>Create a synthetic study area with soil depth, to try Slopecast</source>
   <translation>Slopecast를 시험해 볼 합성 연구 지역과 토심을 만듭니다</translation>
  </message>
  <message>
   <source>Created by</source>
   <translation>만든 것</translation>
  </message>
  <message>
   <source>Creates a polygon for each group of failed cells that share sides, from a failure mask, from a probability or factor of safety with a threshold, or for each class of a class map. The attributes are the number of cells, the area, and the mean, minimum and maximum value.</source>
   <translation>변을 맞대고 이어진 파괴 셀의 무리마다 폴리곤을 만듭니다: 파괴 마스크, 임계값을 쓴 확률이나 안전율, 또는 분류 지도의 각 분류에서 만듭니다. 속성은 셀 수, 면적, 값의 평균·최소·최대입니다.</translation>
  </message>
  <message>
   <source>Creates a synthetic study area from a seed (elevation and soil depth), a table of scenarios, and landslide points where cells fail in a known storm (12 mm/h for 24 h) with soil parameters other than the defaults, to try the other algorithms. The coordinates are arbitrary.</source>
   <translation>시드로 합성 대상 지역(표고와 토심), 시나리오 표, 그리고 알려진 호우(24시간 동안 12 mm/h)에 기본값이 아닌 흙 매개변수로 셀이 파괴되는 곳의 산사태 지점을 만듭니다. 다른 알고리즘을 시험하는 데 쓰십시오. 좌표는 임의입니다.</translation>
  </message>
  <message>
   <source>Creating a synthetic study area of {} x {} cells of {:g} m, seed {}.</source>
   <translation>합성 연구 지역을 만드는 중: {} x {} 셀, {:g} m, 시드 {}.</translation>
  </message>
  <message>
   <source>Creating the example data...</source>
   <translation>예제 자료를 만드는 중...</translation>
  </message>
  <message>
   <source>Critical rainfall</source>
   <translation>한계 강우</translation>
  </message>
  <message>
   <source>Curves</source>
   <translation>곡선</translation>
  </message>
  <message>
   <source>Curves, intervals, the displacement test of the landslides, and key figures in one file.</source>
   <translation>곡선, 구간, 산사태 위치의 어긋남 검정, 주요 수치를 파일 하나에 담습니다.</translation>
  </message>
  <message>
   <source>Data preparation</source>
   <translation>자료 준비</translation>
  </message>
  <message>
   <source>Data set</source>
   <translation>학습 자료</translation>
  </message>
  <message>
   <source>Data set (DATASET)</source>
   <translation>데이터 세트 (DATASET)</translation>
  </message>
  <message>
   <source>Declare 0 as missing data: Layer Properties &gt; Transparency &gt; Additional no data value.</source>
   <translation>0을 결측으로 지정하십시오: 레이어 속성 &gt; 투명도 &gt; 추가적인 NODATA 값.</translation>
  </message>
  <message>
   <source>Declare the value as NoData, before the DEM is resampled.</source>
   <translation>수치표고모델을 다시 표본화하기 전에 그 값을 NoData로 지정하십시오.</translation>
  </message>
  <message>
   <source>Decreasing exponentially with depth / root depth</source>
   <translation>깊이 / 뿌리 깊이에 따라 지수 감소</translation>
  </message>
  <message>
   <source>Default: {}.</source>
   <translation>기본값: {}.</translation>
  </message>
  <message>
   <source>Defaults</source>
   <translation>기본값</translation>
  </message>
  <message>
   <source>Defines the grid; its NoData cells are also NoData in the rasters.</source>
   <translation>격자를 정합니다. NoData 셀은 래스터에서도 NoData입니다.</translation>
  </message>
  <message>
   <source>Delete empty rows and columns, or split the table into several files.</source>
   <translation>빈 행과 열을 지우거나 표를 여러 파일로 나누십시오.</translation>
  </message>
  <message>
   <source>Delete that file: QGIS creates it again when needed.</source>
   <translation>그 파일을 지우십시오: QGIS가 필요할 때 다시 만듭니다.</translation>
  </message>
  <message>
   <source>Delete the file and build the data set again: finished shards are kept.</source>
   <translation>파일을 지우고 데이터 세트를 다시 만드십시오. 끝난 조각은 그대로 둡니다.</translation>
  </message>
  <message>
   <source>Depth to which roots reinforce the soil.</source>
   <translation>뿌리가 흙을 보강하는 깊이.</translation>
  </message>
  <message>
   <source>Depth to which roots reinforce the soil. By zone.</source>
   <translation>뿌리가 흙을 보강하는 깊이. 구역별.</translation>
  </message>
  <message>
   <source>Design</source>
   <translation>실험 설계</translation>
  </message>
  <message>
   <source>Design rainfall</source>
   <translation>설계강우</translation>
  </message>
  <message>
   <source>Detected from the band name that Slopecast writes, otherwise from the values: only 0 and 1 is a mask, values between them a probability. For other maps choose the kind here. A probability whose band declares % is divided by 100.</source>
   <translation>Slopecast가 쓴 밴드 이름으로 판별하고, 이름이 없으면 값으로 판별합니다: 0과 1뿐이면 마스크, 그 사이의 값이 있으면 확률. 다른 지도는 여기서 종류를 고르십시오. 밴드의 단위가 %인 확률은 100으로 나눕니다.</translation>
  </message>
  <message>
   <source>Detected from the band name that Slopecast writes, otherwise from the values: only 0 and 1 is a mask, values up to 1 a probability, above 1 a factor of safety. A probability whose band declares % is divided by 100.</source>
   <translation>Slopecast가 쓰는 밴드 이름으로 판별하고, 이름이 없으면 값으로 판별합니다: 0과 1뿐이면 마스크, 1 이하이면 확률, 1을 넘으면 안전율입니다. 밴드의 단위가 %인 확률은 100으로 나눕니다.</translation>
  </message>
  <message>
   <source>Determine from the map</source>
   <translation>지도에서 판단</translation>
  </message>
  <message>
   <source>Device</source>
   <translation>연산 장치</translation>
  </message>
  <message>
   <source>Device '{}' is not available ({}); the CPU is used.</source>
   <translation>장치 '{}'을(를) 쓸 수 없어 ({}) CPU를 씁니다.</translation>
  </message>
  <message>
   <source>Device (DEVICE)</source>
   <translation>장치 (DEVICE)</translation>
  </message>
  <message>
   <source>Device used</source>
   <translation>사용한 장치</translation>
  </message>
  <message>
   <source>Device: {}.</source>
   <translation>연산 장치: {}.</translation>
  </message>
  <message>
   <source>Devices</source>
   <translation>장치</translation>
  </message>
  <message>
   <source>Dice</source>
   <translation>Dice</translation>
  </message>
  <message>
   <source>Dice coefficient</source>
   <translation>Dice 계수</translation>
  </message>
  <message>
   <source>Did you mean {}?</source>
   <translation>{}을(를) 뜻합니까?</translation>
  </message>
  <message>
   <source>Digital elevation model (DEM)</source>
   <translation>수치표고모델 (DEM)</translation>
  </message>
  <message>
   <source>Digital elevation model [m]</source>
   <translation>수치표고모델 (DEM) [m]</translation>
  </message>
  <message>
   <source>Digital elevation model and soil depth</source>
   <translation>수치표고모델과 토심</translation>
  </message>
  <message>
   <source>Displacement of the landslides</source>
   <translation>산사태 위치의 어긋남</translation>
  </message>
  <message>
   <source>Distance around lines and points [m]</source>
   <translation>라인과 포인트 둘레의 거리 [m]</translation>
  </message>
  <message>
   <source>Distribution of the failed cells over the cases</source>
   <translation>사례별 파괴 셀 수의 분포</translation>
  </message>
  <message>
   <source>Distribution of {} ({}_DISTRIBUTION)</source>
   <translation>{}의 분포 ({}_DISTRIBUTION)</translation>
  </message>
  <message>
   <source>Distribution type; all types have the specified mean and standard deviation, except where values outside the allowed range are set to its limit.</source>
   <translation>분포의 종류. 허용 범위를 벗어난 값을 한계값으로 바꾸는 경우를 제외하고, 모든 종류가 지정한 평균과 표준편차를 가집니다.</translation>
  </message>
  <message>
   <source>Does it contain the required values: {}?</source>
   <translation>필요한 값이 들어 있습니까: {}?</translation>
  </message>
  <message>
   <source>Does not overlap the DEM.</source>
   <translation>DEM과 겹치지 않습니다.</translation>
  </message>
  <message>
   <source>Done.</source>
   <translation>끝났습니다.</translation>
  </message>
  <message>
   <source>Drawn as a hillshade below the result. If omitted, the DEM from which the result was computed is used if it is in the project; otherwise no hillshade is drawn.</source>
   <translation>결과 아래에 음영기복으로 그립니다. 생략하면 결과를 계산할 때 쓴 DEM이 프로젝트에 있을 경우 그것을 사용하며, 없으면 음영기복을 그리지 않습니다.</translation>
  </message>
  <message>
   <source>Draws: {}. The standard error of a probability is up to {:.2f}; with 200 draws it is 0.035.</source>
   <translation>추출 횟수: {}. 확률의 표준오차가 최대 {:.2f}입니다. 200회 추출하면 0.035입니다.</translation>
  </message>
  <message>
   <source>Dropout</source>
   <translation>드롭아웃</translation>
  </message>
  <message>
   <source>Dropout (DROPOUT)</source>
   <translation>드롭아웃 (DROPOUT)</translation>
  </message>
  <message>
   <source>Duration</source>
   <translation>지속시간</translation>
  </message>
  <message>
   <source>Duration (DURATION)</source>
   <translation>지속시간 (DURATION)</translation>
  </message>
  <message>
   <source>Duration [h]</source>
   <translation>지속시간 [h]</translation>
  </message>
  <message>
   <source>Duration at which the first branch of the curve ends and the second begins.</source>
   <translation>곡선의 첫째 식이 끝나고 둘째 식이 시작되는 지속시간.</translation>
  </message>
  <message>
   <source>Duration of the rain; the map shows the state at its end.</source>
   <translation>비가 내리는 시간. 지도는 비가 끝난 때의 상태를 보여 줍니다.</translation>
  </message>
  <message>
   <source>Duration: distribution</source>
   <translation>지속시간: 분포</translation>
  </message>
  <message>
   <source>Durations above the split: a</source>
   <translation>경계 위의 지속시간: a</translation>
  </message>
  <message>
   <source>Durations above the split: b</source>
   <translation>경계 위의 지속시간: b</translation>
  </message>
  <message>
   <source>Durations above the split: c</source>
   <translation>경계 위의 지속시간: c</translation>
  </message>
  <message>
   <source>Durations above the split: d</source>
   <translation>경계 위의 지속시간: d</translation>
  </message>
  <message>
   <source>Durations above the split: e</source>
   <translation>경계 위의 지속시간: e</translation>
  </message>
  <message>
   <source>Durations up to the split: a</source>
   <translation>경계까지의 지속시간: a</translation>
  </message>
  <message>
   <source>Durations up to the split: b</source>
   <translation>경계까지의 지속시간: b</translation>
  </message>
  <message>
   <source>Durations up to the split: c</source>
   <translation>경계까지의 지속시간: c</translation>
  </message>
  <message>
   <source>Durations up to the split: d</source>
   <translation>경계까지의 지속시간: d</translation>
  </message>
  <message>
   <source>Durations up to the split: e</source>
   <translation>경계까지의 지속시간: e</translation>
  </message>
  <message>
   <source>EVALUATE</source>
   <translation>평가 시점 (EVALUATE)</translation>
  </message>
  <message>
   <source>Earlier results are switched off in the Layers panel: {}.</source>
   <translation>이전 결과는 레이어 패널에서 꺼 두었습니다: {}개.</translation>
  </message>
  <message>
   <source>Eastward shift with the highest AUC of slope, or of the map without a DEM [m]</source>
   <translation>경사(DEM이 없으면 지도)의 AUC가 가장 높은 동쪽 이동량 [m]</translation>
  </message>
  <message>
   <source>Edges of the map and NoData</source>
   <translation>지도 가장자리와 NoData</translation>
  </message>
  <message>
   <source>Effect of each attribute</source>
   <translation>속성별 효과</translation>
  </message>
  <message>
   <source>Effective angle of internal friction phi' of the soil.</source>
   <translation>흙의 유효 내부마찰각 phi'.</translation>
  </message>
  <message>
   <source>Effective angle of internal friction phi' of the soil. By zone.</source>
   <translation>흙의 유효 내부마찰각 phi'. 구역별.</translation>
  </message>
  <message>
   <source>Effective cohesion c' of the soil.</source>
   <translation>흙의 유효점착력 c'.</translation>
  </message>
  <message>
   <source>Effective cohesion c' of the soil. By zone.</source>
   <translation>흙의 유효점착력 c'. 구역별.</translation>
  </message>
  <message>
   <source>Effective porosity</source>
   <translation>유효공극률</translation>
  </message>
  <message>
   <source>Effective porosity (EFFECTIVE_POROSITY)</source>
   <translation>유효공극률 (EFFECTIVE_POROSITY)</translation>
  </message>
  <message>
   <source>Elevation</source>
   <translation>표고</translation>
  </message>
  <message>
   <source>Elevation (synthetic)</source>
   <translation>표고 (합성)</translation>
  </message>
  <message>
   <source>Elevation for the hillshade</source>
   <translation>음영기복용 표고</translation>
  </message>
  <message>
   <source>Elevation in metres, in a projected coordinate system in metres.</source>
   <translation>m 단위 투영좌표계의 표고(m).</translation>
  </message>
  <message>
   <source>Elevation in metres, in a projected coordinate system in metres; square cells, preferably of 2 to 30 m.</source>
   <translation>m 단위 투영좌표계의 표고(m). 정사각형 셀이며 2~30 m를 권장합니다.</translation>
  </message>
  <message>
   <source>Elevation is a proxy for climate and land use; it often helps within an area and misleads outside it.</source>
   <translation>표고는 기후와 토지 이용을 대신합니다. 한 지역 안에서는 도움이 될 때가 많지만 그 밖에서는 잘못 이끕니다.</translation>
  </message>
  <message>
   <source>Elevation: thin on high ground (Saulnier's z-model)</source>
   <translation>표고: 높은 곳이 얇음 (Saulnier z-모델)</translation>
  </message>
  <message>
   <source>Elevations on both sides of a straight line from {} to {} do not fit together, as between tiles with different positions, heights or units (such lines in all: {}). Slopes and failed cells along it are false. Adjust the tiles to one another before they are merged, or use a DEM from one source.</source>
   <translation>{}에서 {}까지의 직선 양쪽의 표고가 서로 맞지 않습니다. 위치, 높이 또는 단위가 서로 다른 타일의 경계로 보입니다(이런 선의 총수: {}). 이 선을 따라 나타나는 경사와 파괴 셀은 실제가 아닙니다. 타일을 병합하기 전에 서로 맞추거나 한 출처의 DEM을 사용하십시오.</translation>
  </message>
  <message>
   <source>Enable Processing under Plugins &gt; Manage and Install Plugins.</source>
   <translation>플러그인 &gt; 플러그인 관리 및 설치에서 공간 처리를 켜십시오.</translation>
  </message>
  <message>
   <source>Enter a number, or use the shipped network or {}.</source>
   <translation>숫자를 입력하거나, 기본 신경망 또는 {}을(를) 쓰십시오.</translation>
  </message>
  <message>
   <source>Enter a number: sand 0.69, sandy loam 0.38, clay 0.17.</source>
   <translation>값을 입력하십시오. 모래 0.69, 사양토 0.38, 점토 0.17.</translation>
  </message>
  <message>
   <source>Enter a ratio; 1 is an isotropic soil.</source>
   <translation>비를 입력하십시오. 1은 등방성 흙입니다.</translation>
  </message>
  <message>
   <source>Enter a share between 0 (dry) and 1 (saturated): more for a storm in a wet season, less after dry weeks.</source>
   <translation>0(건조)과 1(포화) 사이의 비율을 입력하십시오. 우기의 호우에는 크게, 가문 뒤에는 작게 하십시오.</translation>
  </message>
  <message>
   <source>Enter a value for the zone, or remove the zone: its cells are then NoData.</source>
   <translation>구역에 값을 입력하거나 구역을 제거하십시오. 제거하면 그 셀은 NoData가 됩니다.</translation>
  </message>
  <message>
   <source>Enter a volume fraction above the moisture deficit plus 0.05: sand 0.42, sandy loam 0.41, clay 0.39.</source>
   <translation>수분 부족량에 0.05를 더한 값보다 큰 부피 비율을 입력하십시오. 모래 0.42, 사양토 0.41, 점토 0.39.</translation>
  </message>
  <message>
   <source>Enter a volume fraction, less where the soil is moist before the rain, more where it is dry; it cannot exceed the porosity.</source>
   <translation>부피 비율을 입력하십시오. 비가 오기 전에 흙이 젖어 있으면 작게, 말라 있으면 크게 하십시오. 공극률보다 클 수 없습니다.</translation>
  </message>
  <message>
   <source>Enter it as a share of the soil depth, not in metres or per cent: 0.3 for 30 %.</source>
   <translation>m나 %가 아니라 토심에 대한 비율로 입력하십시오. 30 %는 0.3입니다.</translation>
  </message>
  <message>
   <source>Enter it in kN/m3: a density in kg/m3 times 0.00981.</source>
   <translation>kN/m3로 입력하십시오. kg/m3 밀도에 0.00981을 곱합니다.</translation>
  </message>
  <message>
   <source>Enter it in kPa; a dense forest weighs 1 to 3 kPa.</source>
   <translation>kPa로 입력하십시오. 울창한 숲은 1~3 kPa입니다.</translation>
  </message>
  <message>
   <source>Enter it in kPa; forests have 1 to 20 kPa.</source>
   <translation>kPa로 입력하십시오. 숲은 1~20 kPa입니다.</translation>
  </message>
  <message>
   <source>Enter it in m/s: divide a value in m/day by 86400, one in mm/h by 3.6e6, one in cm/s by 100.</source>
   <translation>m/s로 입력하십시오. m/day 값은 86400으로, mm/h 값은 3.6e6으로, cm/s 값은 100으로 나눕니다.</translation>
  </message>
  <message>
   <source>Enter it in metres.</source>
   <translation>m로 입력하십시오.</translation>
  </message>
  <message>
   <source>Enter it in the unit of the parameter. {}</source>
   <translation>매개변수의 단위로 입력하십시오. {}</translation>
  </message>
  <message>
   <source>Enter metres of water as a positive length: 1 m is about 10 kPa.</source>
   <translation>물기둥 높이(m)를 양수로 입력하십시오. 1 m는 약 10 kPa입니다.</translation>
  </message>
  <message>
   <source>Enter metres of water: sand 0.05, sandy loam 0.11, clay 0.32.</source>
   <translation>물기둥 높이(m)로 입력하십시오. 모래 0.05, 사양토 0.11, 점토 0.32.</translation>
  </message>
  <message>
   <source>Enter one, or omit the table.</source>
   <translation>하나를 지정하거나 표를 비워 두십시오.</translation>
  </message>
  <message>
   <source>Enter the best parameter set in the dialog and the live panel.</source>
   <translation>최적 매개변수 조합을 대화상자와 실시간 패널에 넣습니다.</translation>
  </message>
  <message>
   <source>Enter the duration in hours.</source>
   <translation>지속시간을 시간(h)으로 입력하십시오.</translation>
  </message>
  <message>
   <source>Enter the effective cohesion in kPa (1 kPa = 1000 N/m2); soils rarely exceed 50 kPa.</source>
   <translation>유효점착력을 kPa로 입력하십시오 (1 kPa = 1000 N/m2). 흙은 50 kPa를 넘는 일이 드뭅니다.</translation>
  </message>
  <message>
   <source>Enter the effective friction angle in degrees, not its tangent; most soils have 15 to 45 deg.</source>
   <translation>탄젠트 값이 아니라 도 단위의 유효 내부마찰각을 입력하십시오. 대부분의 흙은 15~45도입니다.</translation>
  </message>
  <message>
   <source>Enter the intensity in mm/h: divide a daily amount in mm by 24.</source>
   <translation>강우강도를 mm/h로 입력하십시오. 일 강우량(mm)은 24로 나눕니다.</translation>
  </message>
  <message>
   <source>Enter the intensity of each row in mm/h, not in mm/day and not the cumulative amount.</source>
   <translation>행마다 강우강도를 mm/h로 입력하십시오. mm/day나 누적 강우량이 아닙니다.</translation>
  </message>
  <message>
   <source>Enter the mean rainfall of the wet weeks before the event in mm/day.</source>
   <translation>강우 전 습윤한 몇 주의 평균 강우를 mm/day로 입력하십시오.</translation>
  </message>
  <message>
   <source>Enter the vertical depth in metres.</source>
   <translation>연직 깊이를 미터로 입력하십시오.</translation>
  </message>
  <message>
   <source>Enters a formula, not the network, which therefore takes any allowed value.</source>
   <translation>신경망이 아니라 식에 들어가는 값이므로 허용된 값이면 모두 쓸 수 있습니다.</translation>
  </message>
  <message>
   <source>Entry</source>
   <translation>항목</translation>
  </message>
  <message>
   <source>Epoch</source>
   <translation>에포크</translation>
  </message>
  <message>
   <source>Epochs</source>
   <translation>에폭 수</translation>
  </message>
  <message>
   <source>Equally likely scenarios, such as the best sets of Calibrate to landslides: the probability is the share of the rows in which a cell fails. Columns as in Predict failure masks from a table; draws and standard deviations are then not used.</source>
   <translation>확률이 같은 시나리오(예: '산사태에 맞춰 보정'의 최적 조합)입니다. 확률은 셀이 파괴되는 행의 비율입니다. 열은 '표로 파괴 마스크 예측'과 같으며, 이때 추출과 표준편차는 사용되지 않습니다.</translation>
  </message>
  <message>
   <source>Error: </source>
   <translation>오류: </translation>
  </message>
  <message>
   <source>Estimate from the DEM</source>
   <translation>DEM에서 추정</translation>
  </message>
  <message>
   <source>Estimate soil depth</source>
   <translation>토심 추정</translation>
  </message>
  <message>
   <source>Estimates the vertical soil depth of every cell from the elevation model alone. Measured depths give far better stability maps: use this tool only where there are none, and vary method and bounds to see how the result depends on them. Slope and elevation are scaled to their range in the elevation model: another extent gives other depths. Method, bounds and extent are stored in the metadata of the raster and of results computed with it. Where landslides are mapped, Validate with a landslide inventory compares the methods.</source>
   <translation>수치표고모델만으로 각 셀의 연직 토심을 추정합니다. 실측 토심이 훨씬 나은 안정도 지도를 줍니다. 이 도구는 실측값이 없을 때만 쓰고, 방법과 상한·하한을 바꾸어 결과가 얼마나 달라지는지 확인하십시오. 경사와 표고는 수치표고모델에서의 범위에 맞춰 조정하므로 범위가 다르면 토심도 달라집니다. 방법, 상한·하한, 범위는 래스터와 그것으로 계산한 결과의 메타데이터에 저장됩니다. 조사된 산사태가 있으면 '산사태 목록으로 검증'이 방법들을 비교합니다.</translation>
  </message>
  <message>
   <source>Evaluate a network</source>
   <translation>신경망 평가</translation>
  </message>
  <message>
   <source>Evaluated cells</source>
   <translation>평가한 셀</translation>
  </message>
  <message>
   <source>Evaluated cells with a landslide</source>
   <translation>산사태가 있는 평가 셀</translation>
  </message>
  <message>
   <source>Exact: full resolution throughout</source>
   <translation>정확: 전 기간을 원래 해상도로</translation>
  </message>
  <message>
   <source>Example data</source>
   <translation>예제 자료</translation>
  </message>
  <message>
   <source>Example data (synthetic)</source>
   <translation>예제 자료 (합성)</translation>
  </message>
  <message>
   <source>Excluded distance around landslides [m]</source>
   <translation>산사태 둘레에서 제외할 거리 [m]</translation>
  </message>
  <message>
   <source>Expected calibration error</source>
   <translation>기대 보정 오차</translation>
  </message>
  <message>
   <source>Expected number of failed cells: the sum of the probabilities</source>
   <translation>파괴 셀 수의 기댓값: 확률의 합</translation>
  </message>
  <message>
   <source>Expected share of failed cells</source>
   <translation>파괴 셀 비율의 기댓값</translation>
  </message>
  <message>
   <source>Expected: {:,.1f} of {:,} cells fail ({:.3g} %); {:,} fail with a probability of 0.5 or more.</source>
   <translation>기댓값: {1:,}개 셀 중 {0:,.1f}개 파괴 ({2:.3g} %). {3:,}개는 확률 0.5 이상으로 파괴됩니다.</translation>
  </message>
  <message>
   <source>Exponential decrease with the slope angle</source>
   <translation>경사각에 따른 지수 감소</translation>
  </message>
  <message>
   <source>Export the layer to GeoTIFF with Export &gt; Save As.</source>
   <translation>내보내기 &gt; 다른 이름으로 저장에서 레이어를 GeoTIFF로 내보내십시오.</translation>
  </message>
  <message>
   <source>FAILS, the network is not used on it: {}</source>
   <translation>불일치, 이 장치에서는 신경망을 쓰지 않습니다: {}</translation>
  </message>
  <message>
   <source>FAILS: {}</source>
   <translation>실패: {}</translation>
  </message>
  <message>
   <source>FOSM</source>
   <translation>FOSM</translation>
  </message>
  <message>
   <source>FS RMSE</source>
   <translation>FS의 RMSE</translation>
  </message>
  <message>
   <source>FS bias</source>
   <translation>FS의 편향</translation>
  </message>
  <message>
   <source>Factor of safety</source>
   <translation>안전율</translation>
  </message>
  <message>
   <source>Factor of safety of the cells in bins of 0.1 (red: failed); the end bins include all values beyond</source>
   <translation>0.1 간격으로 나눈 셀의 안전율(빨강: 파괴). 양 끝 구간은 그 밖의 모든 값을 포함</translation>
  </message>
  <message>
   <source>Factor of safety over time</source>
   <translation>시간에 따른 안전율</translation>
  </message>
  <message>
   <source>Factor of safety, failure probability or failure mask; NoData cells are not evaluated.</source>
   <translation>안전율, 파괴 확률 또는 파괴 마스크. NoData 셀은 평가하지 않습니다.</translation>
  </message>
  <message>
   <source>Failed areas</source>
   <translation>파괴 구역</translation>
  </message>
  <message>
   <source>Failed areas to polygons</source>
   <translation>파괴 구역을 폴리곤으로</translation>
  </message>
  <message>
   <source>Failed cells</source>
   <translation>파괴 셀 수</translation>
  </message>
  <message>
   <source>Failed cells (the paper's Figure 6)</source>
   <translation>파괴 셀 수(논문의 그림 6)</translation>
  </message>
  <message>
   <source>Failed cells at roads, buildings or basins</source>
   <translation>도로, 건물, 유역의 파괴 셀</translation>
  </message>
  <message>
   <source>Failed cells over the hillshade</source>
   <translation>음영기복 위의 파괴 셀</translation>
  </message>
  <message>
   <source>Failed cells with FS &lt; 1 under initial conditions (class 2)</source>
   <translation>초기 조건에서 FS &lt; 1인 파괴 셀 (유형 2)</translation>
  </message>
  <message>
   <source>Failure by return period</source>
   <translation>재현기간별 파괴</translation>
  </message>
  <message>
   <source>Failure class</source>
   <translation>파괴 유형</translation>
  </message>
  <message>
   <source>Failure classes over the hillshade</source>
   <translation>음영기복 위의 파괴 유형</translation>
  </message>
  <message>
   <source>Failure classes: {}; {}; {}; {}.</source>
   <translation>파괴 유형: {}; {}; {}; {}.</translation>
  </message>
  <message>
   <source>Failure depth</source>
   <translation>파괴 깊이</translation>
  </message>
  <message>
   <source>Failure frequency</source>
   <translation>파괴 빈도</translation>
  </message>
  <message>
   <source>Failure mask</source>
   <translation>파괴 마스크</translation>
  </message>
  <message>
   <source>Failure mask or other map</source>
   <translation>파괴 마스크 또는 다른 지도</translation>
  </message>
  <message>
   <source>Failure mask, 0 and 1</source>
   <translation>파괴 마스크, 0과 1</translation>
  </message>
  <message>
   <source>Failure mask: '{}' names no folder. Enter a full path, or choose the file with the button next to it.</source>
   <translation>파괴 마스크: '{}'에 폴더가 지정되어 있지 않습니다. 전체 경로를 입력하거나 옆에 있는 단추로 파일을 선택하십시오.</translation>
  </message>
  <message>
   <source>Failure mask: 0 stable, 1 failed, NoData elsewhere.</source>
   <translation>파괴 마스크: 0 안정, 1 파괴, 그 밖은 NoData.</translation>
  </message>
  <message>
   <source>Failure mask: 0 stable, 1 failed, NoData elsewhere. On the prediction's grid.</source>
   <translation>파괴 마스크: 0 안정, 1 파괴, 그 밖은 NoData. 예측과 같은 격자.</translation>
  </message>
  <message>
   <source>Failure masks: {}</source>
   <translation>파괴 마스크: {}</translation>
  </message>
  <message>
   <source>Failure mode</source>
   <translation>파괴 형태</translation>
  </message>
  <message>
   <source>Failure probability</source>
   <translation>파괴 확률</translation>
  </message>
  <message>
   <source>Failure probability...</source>
   <translation>파괴 확률...</translation>
  </message>
  <message>
   <source>Failure time</source>
   <translation>파괴 시각</translation>
  </message>
  <message>
   <source>False negatives [cells]</source>
   <translation>거짓음성 [셀]</translation>
  </message>
  <message>
   <source>False positives [cells]</source>
   <translation>거짓양성 [셀]</translation>
  </message>
  <message>
   <source>False-alarm rate FP / (FP + TN)</source>
   <translation>오경보율 FP / (FP + TN)</translation>
  </message>
  <message>
   <source>False-alarm rate at the best threshold</source>
   <translation>최적 임계값의 오경보율</translation>
  </message>
  <message>
   <source>Fast: longer steps, or coarser grids at first</source>
   <translation>빠름: 더 긴 시간 단계, 또는 처음에는 더 큰 격자</translation>
  </message>
  <message>
   <source>Features with failed cells</source>
   <translation>파괴 셀이 있는 객체</translation>
  </message>
  <message>
   <source>Features with their summary</source>
   <translation>요약을 더한 객체</translation>
  </message>
  <message>
   <source>Features without a valid cell</source>
   <translation>유효 셀이 없는 객체</translation>
  </message>
  <message>
   <source>Field of: </source>
   <translation>필드: </translation>
  </message>
  <message>
   <source>Fields</source>
   <translation>필드</translation>
  </message>
  <message>
   <source>Find it in the Plugins menu, or try it:</source>
   <translation>플러그인 메뉴에 있습니다. 바로 시험해 보려면:</translation>
  </message>
  <message>
   <source>Find out which unit is right and write a new raster that declares only that one, e.g. with Raster &gt; Raster Calculator, whose results declare no unit and are read as metres.</source>
   <translation>어느 단위가 맞는지 확인하고 그 단위만 지정된 래스터를 새로 쓰십시오. 예: 래스터 &gt; 래스터 계산기. 그 결과에는 단위가 지정되지 않아 미터로 읽습니다.</translation>
  </message>
  <message>
   <source>Finds the parameters for which the factor of safety best separates mapped landslides from stable cells, and maps susceptibility: a statistical model of slope, curvature, relative height, contributing area, aspect and the calibrated factor of safety. All scores are held out by spatial blocks, have 95 % intervals, and are compared with those of slope angle alone and of the parameters entered. The best sets form a table for &lt;i&gt;Predict failure masks from a table&lt;/i&gt;. The sets describe the fit of the map; they are not measured soil properties. Sets and susceptibility are valid only for this area.</source>
   <translation>조사된 산사태와 안정 셀을 안전율이 가장 잘 가르는 매개변수를 찾고 산사태 취약성 지도를 만듭니다: 경사, 곡률, 상대 높이, 집수면적, 사면 방향, 보정한 안전율에 의한 통계 모델입니다. 모든 점수는 공간 블록을 빼 두는 교차 검증으로 구하며 95 % 구간을 붙이고, 경사각만의 점수 및 입력한 매개변수의 점수와 비교합니다. 최적 조합은 &lt;i&gt;표로 파괴 마스크 예측&lt;/i&gt;에 쓰는 표가 됩니다. 조합은 지도의 적합도를 나타내며 측정한 흙의 물성이 아닙니다. 조합과 취약성은 이 지역에만 유효합니다.</translation>
  </message>
  <message>
   <source>First failing scenario</source>
   <translation>처음 파괴되는 시나리오</translation>
  </message>
  <message>
   <source>First guesses with at least {} steps at full resolution throughout the event are not corrected: the U-Net was not run for {} scenarios.</source>
   <translation>사건 전체를 최대 해상도에서 {}단계 이상으로 계산한 초기 추정은 보정하지 않습니다. U-Net을 실행하지 않은 시나리오: {}개.</translation>
  </message>
  <message>
   <source>First order with the physics engine</source>
   <translation>물리 엔진 1차 근사법</translation>
  </message>
  <message>
   <source>First order: standard deviations of soil depth, rain, conductivity or other inputs of the hydrology make the estimate inaccurate where only some of the parameter sets saturate the soil or bring the wetting front to the water table. Compare it with Monte Carlo (METHOD 1).</source>
   <translation>1차 근사: 토심, 비, 투수계수 등 수문 입력에 표준편차가 있으면, 일부 매개변수 조합에서만 흙이 포화되거나 습윤전선이 지하수위에 닿는 곳에서 추정이 부정확합니다. 몬테카를로(METHOD 1)와 비교하십시오.</translation>
  </message>
  <message>
   <source>Flips and 90-degree rotations</source>
   <translation>뒤집기와 90도 회전</translation>
  </message>
  <message>
   <source>Folder of the run</source>
   <translation>학습 폴더</translation>
  </message>
  <message>
   <source>Folder written by 'Build a training set'.</source>
   <translation>'학습 자료 만들기'가 쓴 폴더.</translation>
  </message>
  <message>
   <source>For a table of a GeoPackage enter: {}</source>
   <translation>GeoPackage의 표는 다음과 같이 입력하십시오: {}</translation>
  </message>
  <message>
   <source>For hit rate and false-alarm rate of a probability; above 0, up to 1.</source>
   <translation>확률 지도의 적중률과 오경보율에 씁니다. 0 초과 1 이하.</translation>
  </message>
  <message>
   <source>For slope angle as a baseline, and to compare soil depth models; aligned to the map.</source>
   <translation>기준이 되는 경사각과 토심 모델의 비교에 씁니다. 지도에 맞춥니다.</translation>
  </message>
  <message>
   <source>For the design table: one row per scenario, columns named like the parameters, and name. Units in titles, such as c (psf), are converted. A parameter without a column takes its default.</source>
   <translation>표 설계용: 시나리오마다 한 행이며, 열 이름은 매개변수 이름과 name입니다. c (psf)처럼 제목에 있는 단위는 환산합니다. 열이 없는 매개변수는 기본값을 씁니다.</translation>
  </message>
  <message>
   <source>For the space-filling design: the same seed gives the same scenarios.</source>
   <translation>공간 채움 설계용: 시드가 같으면 시나리오도 같습니다.</translation>
  </message>
  <message>
   <source>For the space-filling design; 24 per procedural study area.</source>
   <translation>공간 채움 설계용. 절차적 대상 지역마다 24개.</translation>
  </message>
  <message>
   <source>Free some space or choose another folder. Earlier files of these names are unchanged.</source>
   <translation>공간을 비우거나 다른 폴더를 고르십시오. 같은 이름의 이전 파일들은 그대로입니다.</translation>
  </message>
  <message>
   <source>Friction angle</source>
   <translation>내부마찰각</translation>
  </message>
  <message>
   <source>Friction angle: distribution</source>
   <translation>내부마찰각: 분포</translation>
  </message>
  <message>
   <source>Friction angle: standard deviation</source>
   <translation>내부마찰각: 표준편차</translation>
  </message>
  <message>
   <source>From the rainfall rate, where it is below the conductivity</source>
   <translation>강우강도에 따라: 투수계수보다 약한 비</translation>
  </message>
  <message>
   <source>Full: saturated except for entrapped air</source>
   <translation>가득: 갇힌 공기를 빼고 포화</translation>
  </message>
  <message>
   <source>GC, clayey gravel</source>
   <translation>GC, 점토질 자갈</translation>
  </message>
  <message>
   <source>GLUE</source>
   <translation>GLUE</translation>
  </message>
  <message>
   <source>GM, silty gravel</source>
   <translation>GM, 실트질 자갈</translation>
  </message>
  <message>
   <source>GPU</source>
   <translation>GPU</translation>
  </message>
  <message>
   <source>GeoTIFF (*.tif *.tiff)</source>
   <translation>GeoTIFF (*.tif *.tiff)</translation>
  </message>
  <message>
   <source>Geometric mean of the best sets, scaled so that 1 best separates landslides from stable cells.</source>
   <translation>최적 조합의 기하 평균. 1이 산사태와 안정 셀을 가장 잘 가르도록 조정했습니다.</translation>
  </message>
  <message>
   <source>Georeference it first, e.g. with Raster &gt; Projections &gt; Warp (Reproject) if it has control points.</source>
   <translation>먼저 지리 참조를 하십시오. 예: 지상기준점이 있으면 래스터 &gt; 투영체 &gt; 워프(재투영).</translation>
  </message>
  <message>
   <source>Given without a value (None or null), so that the defaults are used: {}.</source>
   <translation>값이 주어지지 않아(None 또는 null) 기본값을 사용합니다: {}.</translation>
  </message>
  <message>
   <source>Graphical models</source>
   <translation>그래픽 모델</translation>
  </message>
  <message>
   <source>Green-Ampt</source>
   <translation>Green-Ampt</translation>
  </message>
  <message>
   <source>Green-Ampt suction head psi_f at the wetting front, as a positive length.</source>
   <translation>습윤전선의 Green-Ampt 흡입수두 psi_f. 양의 길이로 나타냅니다.</translation>
  </message>
  <message>
   <source>Green-Ampt suction head psi_f at the wetting front, as a positive length. By zone.</source>
   <translation>습윤전선의 Green-Ampt 흡입수두 psi_f. 양의 길이로 나타냅니다. 구역별.</translation>
  </message>
  <message>
   <source>Group</source>
   <translation>묶음</translation>
  </message>
  <message>
   <source>Guide</source>
   <translation>안내서</translation>
  </message>
  <message>
   <source>HTML files</source>
   <translation>HTML 파일</translation>
  </message>
  <message>
   <source>Half of the cells are flatter than {:.2g} deg: is the DEM in metres, and is it hilly terrain?</source>
   <translation>셀의 절반이 {:.2g}도보다 평평합니다. 수치표고모델이 미터 단위이고 구릉이나 산지입니까?</translation>
  </message>
  <message>
   <source>Half of the cells are steeper than {:.0f} deg: are the elevations of the DEM in feet or decimetres? They must be in metres.</source>
   <translation>셀의 절반이 {:.0f}도보다 가파릅니다. 수치표고모델의 표고가 피트나 데시미터입니까? 미터여야 합니다.</translation>
  </message>
  <message>
   <source>Has another grid than the DEM and will be aligned to it.</source>
   <translation>DEM과 격자가 다릅니다. DEM에 맞춥니다.</translation>
  </message>
  <message>
   <source>Height of the water table above bedrock before the rain, as a share of the soil depth.</source>
   <translation>비가 내리기 전 기반암 위 지하수위 높이. 토심에 대한 비율입니다.</translation>
  </message>
  <message>
   <source>Height of the water table above bedrock before the rain, as a share of the soil depth. By zone.</source>
   <translation>비가 내리기 전 기반암 위 지하수위 높이. 토심에 대한 비율입니다. 구역별.</translation>
  </message>
  <message>
   <source>Heights are measured upward from bedrock, not downward from the surface.</source>
   <translation>높이는 지표에서 아래로가 아니라 기반암에서 위로 잽니다.</translation>
  </message>
  <message>
   <source>Held-out AUC of the calibrated factor of safety</source>
   <translation>보정한 안전율의 교차 검증 AUC</translation>
  </message>
  <message>
   <source>Held-out AUC of the susceptibility</source>
   <translation>취약성의 교차 검증 AUC</translation>
  </message>
  <message>
   <source>Held-out AUC with 95 % intervals</source>
   <translation>교차 검증 AUC와 95 % 구간</translation>
  </message>
  <message>
   <source>Held-out false-alarm rate of calibrated FS below 1</source>
   <translation>보정한 FS 1 미만의 교차 검증 오경보율</translation>
  </message>
  <message>
   <source>Held-out false-alarm rate of the calibrated factor of safety below 1</source>
   <translation>보정한 안전율 1 미만의 교차 검증 오경보율</translation>
  </message>
  <message>
   <source>Held-out hit rate of calibrated FS below 1</source>
   <translation>보정한 FS 1 미만의 교차 검증 적중률</translation>
  </message>
  <message>
   <source>Held-out hit rate of the calibrated factor of safety below 1</source>
   <translation>보정한 안전율 1 미만의 교차 검증 적중률</translation>
  </message>
  <message>
   <source>Held-out scores</source>
   <translation>교차 검증 점수</translation>
  </message>
  <message>
   <source>Held-out scores and curves, the effect of each attribute, the parameter sets, and the limits of use.</source>
   <translation>교차 검증 점수와 곡선, 속성별 효과, 매개변수 조합, 사용의 한계.</translation>
  </message>
  <message>
   <source>Help</source>
   <translation>도움말</translation>
  </message>
  <message>
   <source>Here {} has an IoU of {:.3f} in that range; its minimum is {:.3f}, at {}.</source>
   <translation>여기서 {}의 IoU는 그 범위에서 {:.3f}이며, 최솟값은 {:.3f}({})입니다.</translation>
  </message>
  <message>
   <source>Hillshade</source>
   <translation>음영기복</translation>
  </message>
  <message>
   <source>Histogram of the factor of safety</source>
   <translation>안전율 히스토그램</translation>
  </message>
  <message>
   <source>History</source>
   <translation>학습 기록</translation>
  </message>
  <message>
   <source>Hit rate TP / (TP + FN)</source>
   <translation>적중률 TP / (TP + FN)</translation>
  </message>
  <message>
   <source>Hit rate at the best threshold</source>
   <translation>최적 임계값의 적중률</translation>
  </message>
  <message>
   <source>Hours from the start of the event until the factor of safety first falls below 1, rounded up to 5 minutes and accurate to a quarter of an hour (where lateral flow is strong, a few cells may be further off); 0 where it is below 1 before the rain, NoData where it never falls below 1. Cells that fail and become stable again within the same hour of constant rain may be missed.</source>
   <translation>강우 사상이 시작된 때부터 안전율이 처음 1 미만이 될 때까지의 시간(h). 5분 단위로 올림하며 오차는 15분 이내입니다(측방 흐름이 강한 곳에서는 몇몇 셀의 오차가 더 클 수 있습니다). 비가 오기 전부터 1 미만이면 0, 한 번도 1 미만이 되지 않으면 NoData. 비의 세기가 일정한 한 시간 안에 파괴되었다가 다시 안정해지는 셀은 빠질 수 있습니다.</translation>
  </message>
  <message>
   <source>Hours of the series</source>
   <translation>시계열의 시각</translation>
  </message>
  <message>
   <source>Hours of the series (SERIES_HOURS)</source>
   <translation>시계열의 시각 (SERIES_HOURS)</translation>
  </message>
  <message>
   <source>How root cohesion changes with depth.</source>
   <translation>뿌리 점착력이 깊이에 따라 변하는 방식.</translation>
  </message>
  <message>
   <source>How to read it</source>
   <translation>읽는 법</translation>
  </message>
  <message>
   <source>Hyetograph</source>
   <translation>우량주상도</translation>
  </message>
  <message>
   <source>Hyetograph (HYETOGRAPH)</source>
   <translation>우량주상도 (HYETOGRAPH)</translation>
  </message>
  <message>
   <source>Hyetograph: it ends with {:g} mm/h, after {:g} mm/h, and the map shows the end (EVALUATE): cells that fail during the event and drain until its end are shown as stable. Choose the minimum over the event to show them as failed.</source>
   <translation>우량주상도: {:g} mm/h로 끝나며 그 전의 최대는 {:g} mm/h입니다. 지도는 종료 시점을 보여 주므로(EVALUATE), 강우 사상 중에 붕괴하고 종료 전에 배수되는 셀은 안정으로 표시됩니다. 이를 붕괴로 표시하려면 강우 사상 중의 최솟값을 선택하십시오.</translation>
  </message>
  <message>
   <source>Hyetograph: its rows are {:g} h apart, and the event lasts {:g} h. Are these minutes? Then write the unit in the title: time (min).</source>
   <translation>우량주상도: 행 간격이 {:g} h이고 강우 사상이 {:g} h 동안 지속됩니다. 분 단위입니까? 그렇다면 제목에 단위를 쓰십시오: time (min).</translation>
  </message>
  <message>
   <source>Hyetograph: table of hour and rainfall</source>
   <translation>우량주상도: hour와 rainfall 표</translation>
  </message>
  <message>
   <source>Hyetograph: the intensity of the row at {:g} h applies from {:g} h on, although most intervals have {:g} h. Are rows without rain left out, or are the hours those of the day? Hours are counted from the start of the rain, and dry intervals need rows with 0 mm/h.</source>
   <translation>우량주상도: {:g} h 행의 강도가 {:g} h부터 적용되지만 대부분의 구간은 {:g} h입니다. 비가 없는 행이 빠졌거나 시간이 하루 중의 시각입니까? 시간은 강우 시작부터 세며, 무강우 구간에는 0 mm/h인 행이 필요합니다.</translation>
  </message>
  <message>
   <source>Hyetograph: the rainfall increases from row to row up to the end. Are these amounts since the start of the rain? Each row must contain the intensity of its interval in mm/h.</source>
   <translation>우량주상도: 강우가 마지막 행까지 계속 증가합니다. 강우 시작부터의 누적 강우량입니까? 각 행에는 해당 구간의 강우강도(mm/h)가 있어야 합니다.</translation>
  </message>
  <message>
   <source>Hyetograph: the rainfall increases from row to row, falls back to nearly 0 {} times and increases again. Are these amounts since the start of each day? Each row must contain the intensity of its interval in mm/h.</source>
   <translation>우량주상도: 강우가 행마다 증가하다가 {}번 거의 0으로 떨어진 뒤 다시 증가합니다. 하루의 시작부터 누적한 강우량입니까? 각 행에는 해당 구간의 강우강도(mm/h)가 있어야 합니다.</translation>
  </message>
  <message>
   <source>I in mm/h, t in minutes, T in years</source>
   <translation>I는 mm/h, t는 분, T는 년</translation>
  </message>
  <message>
   <source>IDF</source>
   <translation>IDF</translation>
  </message>
  <message>
   <source>If a value marks missing data, declare it (Layer Properties &gt; Transparency &gt; Additional no data value) before the DEM is resampled; remove spikes and pits.</source>
   <translation>어떤 값이 결측을 뜻하면 수치표고모델을 다시 표본화하기 전에 그 값을 지정하고(레이어 속성 &gt; 투명도 &gt; 추가적인 NODATA 값), 돌출점과 함몰점을 없애십시오.</translation>
  </message>
  <message>
   <source>If both limits are equal, the parameter is fixed until the strength is scaled after the search.</source>
   <translation>두 한계가 같으면 탐색 후 강도를 조정할 때까지 이 매개변수는 고정됩니다.</translation>
  </message>
  <message>
   <source>If both limits are equal, the parameter is fixed.</source>
   <translation>두 한계값이 같으면 매개변수가 고정됩니다.</translation>
  </message>
  <message>
   <source>If empty, 1e-4 (paper) or 8e-4, times 0.15 with an initial network.</source>
   <translation>비우면 1e-4(paper) 또는 8e-4이며, 초기 신경망이 있으면 그 0.15배입니다.</translation>
  </message>
  <message>
   <source>If empty, the name of the layer and the rainfall.</source>
   <translation>비우면 레이어 이름과 강우.</translation>
  </message>
  <message>
   <source>If it has columns with coordinates, use 'Create points layer from table' of the toolbox first.</source>
   <translation>좌표 열이 있으면 먼저 툴박스의 'Create points layer from table'로 점 레이어를 만드십시오.</translation>
  </message>
  <message>
   <source>If it is {}, enter {}.</source>
   <translation>이 값이 {}이면 {}을(를) 입력하십시오.</translation>
  </message>
  <message>
   <source>If negative values mark missing data, declare them as NoData in the layer's properties.</source>
   <translation>음수가 결측을 뜻하면 레이어 속성에서 NoData로 지정하십시오.</translation>
  </message>
  <message>
   <source>If omitted, the intensity above is used; enter a range if the storm is not known.</source>
   <translation>비워 두면 위의 강우강도를 씁니다. 호우를 알 수 없으면 범위를 입력하십시오.</translation>
  </message>
  <message>
   <source>If omitted, the ratio above is used. It matters only in the simulations with lateral flow of the best sets.</source>
   <translation>비워 두면 위의 비율을 씁니다. 최적 조합을 측방 흐름과 함께 모의할 때만 영향을 줍니다.</translation>
  </message>
  <message>
   <source>If the value marks missing data, declare it: Layer Properties &gt; Transparency &gt; Additional no data value. Heights must be in metres.</source>
   <translation>그 값이 결측을 뜻하면 레이어 속성 &gt; 투명도 &gt; 추가적인 NODATA 값에서 지정하십시오. 높이의 단위는 m여야 합니다.</translation>
  </message>
  <message>
   <source>If the values are depths, change their sign with Raster &gt; Raster Calculator; if they are heights, assign a coordinate system without the vertical part.</source>
   <translation>값이 깊이이면 래스터 &gt; 래스터 계산기에서 부호를 바꾸고, 높이이면 수직 좌표계를 뺀 좌표계를 지정하십시오.</translation>
  </message>
  <message>
   <source>If {:g} marks missing data, declare it as NoData in the layer's properties.</source>
   <translation>{:g}이(가) 결측값이면 레이어 속성에서 NoData로 선언하십시오.</translation>
  </message>
  <message>
   <source>If {} is in minutes, enter {:.4g} h.</source>
   <translation>{}이(가) 분 단위이면 {:.4g} h를 입력하십시오.</translation>
  </message>
  <message>
   <source>In a terminal run: {}, restart QGIS, and check with the algorithm 'Check environment'. The page 'Installing Slopecast and PyTorch' (docs/install.md) has more, e.g. packages of the system.</source>
   <translation>터미널에서 {} 명령을 실행하고 QGIS를 다시 시작한 다음 '환경 점검' 알고리즘으로 확인하십시오. 시스템 패키지 등 자세한 내용은 'Installing Slopecast and PyTorch' 문서(docs/install.md)에 있습니다.</translation>
  </message>
  <message>
   <source>In the OSGeo4W Shell run: {}, restart QGIS, and check with the algorithm 'Check environment'. The page 'Installing Slopecast and PyTorch' (docs/install.md) has more.</source>
   <translation>OSGeo4W Shell에서 {} 명령을 실행하고 QGIS를 다시 시작한 다음 '환경 점검' 알고리즘으로 확인하십시오. 자세한 내용은 'Installing Slopecast and PyTorch' 문서(docs/install.md)에 있습니다.</translation>
  </message>
  <message>
   <source>In the paper, the accuracy of the network changes its trend at 5 to 10 % of failed cells.</source>
   <translation>논문에서는 파괴 셀 비율 5~10 %에서 신경망 정확도의 추세가 바뀝니다.</translation>
  </message>
  <message>
   <source>In this study area the first guess is exact: the shipped network needs no training.</source>
   <translation>이 대상 지역에서는 초기 추정이 정확합니다. 기본 신경망은 학습이 필요 없습니다.</translation>
  </message>
  <message>
   <source>In {} of {} draws the soil is deeper than the {:g} m that the network was trained on.</source>
   <translation>추출 {}회(모두 {}회)에서 토심이 신경망이 학습한 {:g} m보다 깊습니다.</translation>
  </message>
  <message>
   <source>In {} of {} scenarios cells have FS &lt; 1 under initial conditions: {}. If those slopes are stable in nature, their cohesion or friction angle is too low, or the soil depth or initial water table too high. The summary gives their numbers, and the cohesion that makes most of them stable.</source>
   <translation>시나리오 {}개(모두 {}개)에 초기 조건에서 FS &lt; 1인 셀이 있습니다: {}. 실제로 안정한 사면이라면 점착력이나 내부마찰각이 너무 낮거나 토심 또는 초기 지하수위가 너무 높습니다. 셀 수와 대부분을 안정하게 하는 점착력은 요약에 있습니다.</translation>
  </message>
  <message>
   <source>Index lambda of Brooks and Corey: relates the water content behind a moist wetting front to the rainfall rate.</source>
   <translation>Brooks와 Corey의 지수 lambda. 불포화 습윤전선 뒤의 함수비와 강우강도의 관계를 정합니다.</translation>
  </message>
  <message>
   <source>Influence of the map's edge</source>
   <translation>지도 가장자리의 영향</translation>
  </message>
  <message>
   <source>Initial factor of safety</source>
   <translation>초기 안전율</translation>
  </message>
  <message>
   <source>Initial network</source>
   <translation>초기 신경망</translation>
  </message>
  <message>
   <source>Initial suction at the bedrock</source>
   <translation>기반암의 초기 흡입수두</translation>
  </message>
  <message>
   <source>Initial water table (INITIAL_WATER_TABLE)</source>
   <translation>초기 지하수위 (INITIAL_WATER_TABLE)</translation>
  </message>
  <message>
   <source>Initial water table ({})</source>
   <translation>초기 지하수위 ({})</translation>
  </message>
  <message>
   <source>Initial water table / soil depth</source>
   <translation>초기 지하수위 / 토심</translation>
  </message>
  <message>
   <source>Initial water table / soil depth: distribution</source>
   <translation>초기 지하수위 / 토심: 분포</translation>
  </message>
  <message>
   <source>Initial water table / soil depth: standard deviation</source>
   <translation>초기 지하수위 / 토심: 표준편차</translation>
  </message>
  <message>
   <source>Initial water table: raster of heights above bedrock [m]</source>
   <translation>초기 지하수위: 기반암 위 높이 래스터 [m]</translation>
  </message>
  <message>
   <source>Inputs</source>
   <translation>입력</translation>
  </message>
  <message>
   <source>Install it in the worker's Python: "python -m pip install numpy=={}".</source>
   <translation>작업자의 Python에 설치하십시오: "python -m pip install numpy=={}".</translation>
  </message>
  <message>
   <source>Install it, in the version that the workers have: "{}" -m pip install distributed. Or leave the address empty.</source>
   <translation>작업자와 같은 버전을 설치하십시오: "{}" -m pip install distributed. 또는 주소를 비워 두십시오.</translation>
  </message>
  <message>
   <source>Install them in the worker's Python, or choose the physics engine.</source>
   <translation>작업자의 Python에 설치하거나 물리 엔진을 고르십시오.</translation>
  </message>
  <message>
   <source>Install what is missing in its Python: "python -m pip install numpy=={}".</source>
   <translation>그 Python에 빠진 것을 설치하십시오: "python -m pip install numpy=={}".</translation>
  </message>
  <message>
   <source>Intensity for a return period and a duration, by Seoul's curve or your own coefficients</source>
   <translation>서울의 식이나 사용자 계수로 구한 재현기간과 지속시간의 강우강도</translation>
  </message>
  <message>
   <source>Interpretation</source>
   <translation>해석</translation>
  </message>
  <message>
   <source>Intersection over union</source>
   <translation>교집합/합집합 (IoU)</translation>
  </message>
  <message>
   <source>Intersection over union with the physics engine's mask</source>
   <translation>물리 엔진 마스크와의 IoU</translation>
  </message>
  <message>
   <source>IoU</source>
   <translation>IoU</translation>
  </message>
  <message>
   <source>IoU of each case against its failed cells</source>
   <translation>사례별 파괴 셀 수에 대한 IoU</translation>
  </message>
  <message>
   <source>IoU with a tolerance of one cell</source>
   <translation>한 셀을 허용한 IoU</translation>
  </message>
  <message>
   <source>IoU with a tolerance of one cell, {}</source>
   <translation>한 셀을 허용한 IoU, {}</translation>
  </message>
  <message>
   <source>IoU, first guess</source>
   <translation>IoU, 첫 추정</translation>
  </message>
  <message>
   <source>IoU, pooled</source>
   <translation>IoU, 통합</translation>
  </message>
  <message>
   <source>Is the disk full, or the file open elsewhere? Choose another file. Earlier files are unchanged.</source>
   <translation>디스크가 가득 찼거나 파일이 다른 곳에서 열려 있습니까? 다른 파일을 고르십시오. 이전 파일은 그대로입니다.</translation>
  </message>
  <message>
   <source>Keep as layer</source>
   <translation>레이어로 보관</translation>
  </message>
  <message>
   <source>Kind of map</source>
   <translation>지도의 종류</translation>
  </message>
  <message>
   <source>LAYER, BACKGROUND</source>
   <translation>LAYER, BACKGROUND</translation>
  </message>
  <message>
   <source>Landslide cells are {:.3g} % of the cells used to fit the model. The susceptibility is calibrated to this share, not to their share of the area, {:.3g} %. {}</source>
   <translation>모델을 맞추는 데 쓴 셀의 {:.3g} %가 산사태 셀입니다. 취약성은 면적에서 차지하는 비율 {:.3g} %가 아니라 이 비율에 맞추어져 있습니다. {}</translation>
  </message>
  <message>
   <source>Landslide cells compared</source>
   <translation>비교한 산사태 셀</translation>
  </message>
  <message>
   <source>Landslide cells: hits</source>
   <translation>산사태 셀: 적중</translation>
  </message>
  <message>
   <source>Landslide cells: misses</source>
   <translation>산사태 셀: 누락</translation>
  </message>
  <message>
   <source>Landslides</source>
   <translation>산사태</translation>
  </message>
  <message>
   <source>Landslides (synthetic)</source>
   <translation>산사태 (합성)</translation>
  </message>
  <message>
   <source>Landslides by block</source>
   <translation>블록별 산사태</translation>
  </message>
  <message>
   <source>Landslides compared</source>
   <translation>비교한 산사태</translation>
  </message>
  <message>
   <source>Landslides on evaluated cells</source>
   <translation>평가 셀에 있는 산사태</translation>
  </message>
  <message>
   <source>Largest hole to fill [m2]</source>
   <translation>메울 가장 큰 구멍 [m2]</translation>
  </message>
  <message>
   <source>Lateral anisotropy K_lat / K_s</source>
   <translation>측방 이방성 K_lat / K_s</translation>
  </message>
  <message>
   <source>Lateral anisotropy K_lat / K_s: distribution</source>
   <translation>측방 이방성 K_lat / K_s: 분포</translation>
  </message>
  <message>
   <source>Lateral anisotropy K_lat / K_s: standard deviation</source>
   <translation>측방 이방성 K_lat / K_s: 표준편차</translation>
  </message>
  <message>
   <source>Lateral flow</source>
   <translation>측방 흐름</translation>
  </message>
  <message>
   <source>Lateral flow of up to {:.2g} m/s needs short time steps: at most about {:,.0f} of {:.3g} ms each, {:.1f} min.</source>
   <translation>{:.2g} m/s에 이르는 측방 흐름에는 짧은 시간 간격이 필요합니다. 많아야 {:,.0f}번, 한 번에 {:.3g} ms, 모두 {:.1f}분입니다.</translation>
  </message>
  <message>
   <source>Lateral groundwater flow</source>
   <translation>측방 지하수 흐름</translation>
  </message>
  <message>
   <source>Learning rate</source>
   <translation>학습률</translation>
  </message>
  <message>
   <source>Leave the field empty for the shipped network, or request only the failure mask.</source>
   <translation>기본 신경망을 쓰려면 필드를 비워 두거나, 파괴 마스크만 요청하십시오.</translation>
  </message>
  <message>
   <source>Leave the field empty for the shipped network.</source>
   <translation>기본 신경망을 쓰려면 필드를 비워 두십시오.</translation>
  </message>
  <message>
   <source>Leave the scheduler's address empty, or choose another.</source>
   <translation>스케줄러 주소를 비워 두거나 다른 것을 고르십시오.</translation>
  </message>
  <message>
   <source>Leave this output empty, or choose SOLVER 0 (network).</source>
   <translation>이 출력을 비우거나 SOLVER 0(신경망)을 고르십시오.</translation>
  </message>
  <message>
   <source>Leave this output empty, or install torch and safetensors: 'Check environment' shows how.</source>
   <translation>이 출력을 비워 두거나 torch와 safetensors를 설치하십시오: '환경 점검'에 방법이 나옵니다.</translation>
  </message>
  <message>
   <source>Limits of the hazard classes</source>
   <translation>위험 등급의 경계값</translation>
  </message>
  <message>
   <source>Limits of use</source>
   <translation>사용의 한계</translation>
  </message>
  <message>
   <source>Lists the versions of QGIS, Python, torch and other packages, the device on which the network would run, and how to install missing packages. The report can be pasted into an issue: the path of your home folder is not included.</source>
   <translation>QGIS, Python, torch와 다른 패키지의 버전, 신경망을 실행할 장치, 빠진 패키지를 설치하는 방법을 나열합니다. 보고서를 이슈에 붙여 넣을 수 있습니다. 홈 폴더의 경로는 들어가지 않습니다.</translation>
  </message>
  <message>
   <source>Live panel</source>
   <translation>실시간 패널</translation>
  </message>
  <message>
   <source>Load example data</source>
   <translation>예제 자료 불러오기</translation>
  </message>
  <message>
   <source>Load on the surface per horizontal area, such as trees or fills.</source>
   <translation>나무나 성토 등 수평 면적당 지표 하중.</translation>
  </message>
  <message>
   <source>Load on the surface per horizontal area, such as trees or fills. By zone.</source>
   <translation>나무나 성토 등 수평 면적당 지표 하중. 구역별.</translation>
  </message>
  <message>
   <source>Loading the solver</source>
   <translation>풀이를 불러오는 중</translation>
  </message>
  <message>
   <source>Loam</source>
   <translation>양토</translation>
  </message>
  <message>
   <source>Loamy sand</source>
   <translation>양질사토</translation>
  </message>
  <message>
   <source>Log of the run</source>
   <translation>실행 로그</translation>
  </message>
  <message>
   <source>Lognormal</source>
   <translation>로그정규분포</translation>
  </message>
  <message>
   <source>Loss</source>
   <translation>손실</translation>
  </message>
  <message>
   <source>Loss by epoch, for the training steps and the validation cases</source>
   <translation>에포크별 손실: 학습 단계와 검증 사례</translation>
  </message>
  <message>
   <source>Lower end of its 95 % interval</source>
   <translation>95 % 구간의 하한</translation>
  </message>
  <message>
   <source>Lower end of the difference's 95 % interval</source>
   <translation>차이의 95 % 구간의 하한</translation>
  </message>
  <message>
   <source>Lower than the present cohesion: more cells would fail.</source>
   <translation>현재 점착력보다 낮습니다. 더 많은 셀이 파괴됩니다.</translation>
  </message>
  <message>
   <source>Lowest constant intensity at which the cell fails at the end of the duration, without lateral flow; 0 where it fails without rain, NoData where it does not fail even at 300 mm/h.</source>
   <translation>측방 흐름 없이 지속시간 끝에 셀이 파괴되는 가장 낮은 일정 강우강도. 비 없이 파괴되면 0, 300 mm/h로도 파괴되지 않으면 NoData.</translation>
  </message>
  <message>
   <source>METHOD 0 (network) or 1 (engine)</source>
   <translation>METHOD 0(신경망) 또는 1(엔진)</translation>
  </message>
  <message>
   <source>MH, elastic silt</source>
   <translation>MH, 탄성 실트</translation>
  </message>
  <message>
   <source>ML, silt</source>
   <translation>ML, 실트</translation>
  </message>
  <message>
   <source>Make a mask first, e.g. with the raster calculator: factor of safety &lt; 1.</source>
   <translation>먼저 마스크를 만드십시오. 예: 래스터 계산기에서 안전율 &lt; 1.</translation>
  </message>
  <message>
   <source>Make it north-up with Raster &gt; Projections &gt; Warp (Reproject).</source>
   <translation>래스터 &gt; 투영체 &gt; 워프(재투영)에서 북쪽이 위가 되게 하십시오.</translation>
  </message>
  <message>
   <source>Many elevations of the DEM are multiples of {}: it seems to be interpolated from contour lines, with level ground along them that does not exist. Use a DEM from laser scanning, photogrammetry or radar if there is one.</source>
   <translation>DEM의 많은 표고가 {}의 배수입니다. 등고선에서 보간한 것으로 보이며, 등고선을 따라 실제로 없는 평탄면이 있습니다. 레이저 측량, 사진 측량 또는 레이더로 만든 DEM이 있으면 그것을 사용하십시오.</translation>
  </message>
  <message>
   <source>Map</source>
   <translation>지도</translation>
  </message>
  <message>
   <source>Map sheet</source>
   <translation>지도 시트</translation>
  </message>
  <message>
   <source>Map sheet as a file</source>
   <translation>지도 시트 파일</translation>
  </message>
  <message>
   <source>Map sheet as a file (SHEET)</source>
   <translation>지도 시트 파일 (SHEET)</translation>
  </message>
  <message>
   <source>Map sheet...</source>
   <translation>지도 시트...</translation>
  </message>
  <message>
   <source>Map shows</source>
   <translation>지도 표시</translation>
  </message>
  <message>
   <source>Map to evaluate</source>
   <translation>평가할 지도</translation>
  </message>
  <message>
   <source>Map where rainfall is likely to trigger shallow landslides</source>
   <translation>강우로 얕은 산사태가 일어나기 쉬운 곳을 지도로 만듭니다</translation>
  </message>
  <message>
   <source>Maps</source>
   <translation>지도</translation>
  </message>
  <message>
   <source>Maps and report were written: {}.</source>
   <translation>지도와 보고서를 썼습니다: {}.</translation>
  </message>
  <message>
   <source>Maps of agreement</source>
   <translation>일치도 지도</translation>
  </message>
  <message>
   <source>Maps the cells that fail in a rainfall event (factor of safety below 1), from DEM, soil depth, strength, conductivity, rainfall and duration. A U-Net, trained on the physics engine of &lt;i&gt;Simulate factor of safety&lt;/i&gt;, corrects the water table of an approximate solution. The network saves time only where lateral flow is strong (high conductivity times lateral anisotropy); elsewhere the engine is as fast or faster. It needs the Python packages torch and safetensors; without them the physics engine is used. &lt;i&gt;Check environment&lt;/i&gt; shows what is missing.</source>
   <translation>DEM, 토심, 강도, 투수계수, 강우와 지속시간에서 강우 사상에 파괴되는(안전율이 1 미만인) 셀의 지도를 만듭니다. &lt;i&gt;안전율 모의&lt;/i&gt;의 물리 엔진으로 학습한 U-Net이 근사해의 지하수위를 보정합니다. 신경망은 측방 흐름이 강한 곳(투수계수 곱하기 측방 이방성이 큰 곳)에서만 시간을 줄이며, 그 밖에는 엔진이 그만큼 빠르거나 더 빠릅니다. 신경망에는 Python 패키지 torch와 safetensors가 필요하며, 없으면 물리 엔진을 씁니다. 빠진 것은 &lt;i&gt;환경 점검&lt;/i&gt;에 나옵니다.</translation>
  </message>
  <message>
   <source>Mask, probability, factor of safety or classes</source>
   <translation>마스크, 확률, 안전율 또는 분류</translation>
  </message>
  <message>
   <source>Maximum depth [m]</source>
   <translation>최대 깊이 [m]</translation>
  </message>
  <message>
   <source>Mean Dice</source>
   <translation>평균 Dice</translation>
  </message>
  <message>
   <source>Mean Dice coefficient</source>
   <translation>평균 Dice 계수</translation>
  </message>
  <message>
   <source>Mean IoU</source>
   <translation>평균 IoU</translation>
  </message>
  <message>
   <source>Mean IoU (of one pair: its IoU)</source>
   <translation>평균 IoU (한 쌍이면 그 IoU)</translation>
  </message>
  <message>
   <source>Mean IoU by failed cells:</source>
   <translation>파괴 셀 수별 평균 IoU:</translation>
  </message>
  <message>
   <source>Mean IoU of the initial network on them</source>
   <translation>그 사례에서 초기 신경망의 평균 IoU</translation>
  </message>
  <message>
   <source>Mean IoU of the masks on the validation cases, {} network: {:.4f}</source>
   <translation>검증 사례에서 마스크의 평균 IoU, {} 신경망: {:.4f}</translation>
  </message>
  <message>
   <source>Mean IoU on the validation cases</source>
   <translation>검증 사례의 평균 IoU</translation>
  </message>
  <message>
   <source>Mean IoU, {}</source>
   <translation>평균 IoU, {}</translation>
  </message>
  <message>
   <source>Mean accuracy</source>
   <translation>평균 정확도</translation>
  </message>
  <message>
   <source>Mean factor of safety</source>
   <translation>평균 안전율</translation>
  </message>
  <message>
   <source>Mean number of false positives in cases without failed cells</source>
   <translation>파괴 셀이 없는 사례의 평균 거짓 양성 수</translation>
  </message>
  <message>
   <source>Mean over the draws, or by first order over the 32 parameter sets; values are limited to 10.</source>
   <translation>추출값의 평균. 1차 근사에서는 매개변수 조합 32개의 평균. 값은 최대 10으로 제한합니다.</translation>
  </message>
  <message>
   <source>Mean precision</source>
   <translation>평균 정밀도</translation>
  </message>
  <message>
   <source>Mean recall</source>
   <translation>평균 재현율</translation>
  </message>
  <message>
   <source>Meaning</source>
   <translation>의미</translation>
  </message>
  <message>
   <source>Memory limit (environment variable {})</source>
   <translation>메모리 한도(환경 변수 {})</translation>
  </message>
  <message>
   <source>Method</source>
   <translation>방법</translation>
  </message>
  <message>
   <source>Method (METHOD)</source>
   <translation>방법 (METHOD)</translation>
  </message>
  <message>
   <source>Method that computes the water table and the mask. If the Python packages torch and safetensors are missing, the physics engine is used instead of the network; the log and the output SOLVER_USED name the solver and the reason.</source>
   <translation>지하수위와 마스크를 계산하는 방법입니다. Python 패키지 torch와 safetensors가 없으면 신경망 대신 물리 엔진을 쓰며, 로그와 출력 SOLVER_USED에 해석기와 까닭이 나옵니다.</translation>
  </message>
  <message>
   <source>Method: {}. Solver: {}</source>
   <translation>방법: {}. 해석기: {}</translation>
  </message>
  <message>
   <source>Metrics</source>
   <translation>지표</translation>
  </message>
  <message>
   <source>Minimum depth (DEPTH_MIN)</source>
   <translation>최소 깊이 (DEPTH_MIN)</translation>
  </message>
  <message>
   <source>Minimum depth [m]</source>
   <translation>최소 깊이 [m]</translation>
  </message>
  <message>
   <source>Minimum over the event.</source>
   <translation>강우 사상 중의 최솟값.</translation>
  </message>
  <message>
   <source>Model confidence</source>
   <translation>모델 신뢰도</translation>
  </message>
  <message>
   <source>Model weights (MODEL)</source>
   <translation>모델 가중치 (MODEL)</translation>
  </message>
  <message>
   <source>Moist unit weight</source>
   <translation>습윤단위중량</translation>
  </message>
  <message>
   <source>Moist unit weight: distribution</source>
   <translation>습윤단위중량: 분포</translation>
  </message>
  <message>
   <source>Moist unit weight: standard deviation</source>
   <translation>습윤단위중량: 표준편차</translation>
  </message>
  <message>
   <source>Moisture behind the wetting front</source>
   <translation>습윤전선 뒤의 수분</translation>
  </message>
  <message>
   <source>Moisture deficit</source>
   <translation>수분 부족량</translation>
  </message>
  <message>
   <source>Moisture deficit: distribution</source>
   <translation>수분 부족량: 분포</translation>
  </message>
  <message>
   <source>Moisture deficit: standard deviation</source>
   <translation>수분 부족량: 표준편차</translation>
  </message>
  <message>
   <source>Monte Carlo</source>
   <translation>몬테카를로</translation>
  </message>
  <message>
   <source>Monte Carlo computes every draw. First order takes mean and standard deviation of log FS from 32 parameter sets on the soil column and adds the lateral flow of one simulation, or of three if lateral conductivity has a standard deviation. It assumes that FS is lognormal. It is inaccurate where FS has two likely values, because the soil saturates, or the wetting front reaches the water table, in only some of the sets; where the uncertainty of rain, duration or initial water table changes strong lateral flow; and where a normal or triangular cohesion has a standard deviation above 30 % of its mean: small probabilities are then too low. Use Monte Carlo there. Without torch the physics engine is used in place of the network.</source>
   <translation>몬테카를로는 모든 표본을 계산합니다. 1차 근사법은 토층 기둥에서 매개변수 조합 32개로 log FS의 평균과 표준편차를 구하고, 모의 한 번(측방 투수계수에 표준편차가 있으면 세 번)의 측방 흐름을 더합니다. FS가 로그정규분포를 따른다고 가정합니다. 다음과 같은 곳에서는 부정확합니다: 일부 조합에서만 흙이 포화되거나 습윤전선이 지하수위에 닿아 FS에 있을 법한 값이 둘인 곳, 비, 지속시간, 초기 지하수위의 불확실성이 강한 측방 흐름을 바꾸는 곳, 정규분포나 삼각분포인 점착력의 표준편차가 평균의 30 %를 넘는 곳(작은 확률이 너무 낮게 나옵니다). 그런 곳에는 몬테카를로를 쓰십시오. torch가 없으면 신경망 대신 물리 엔진을 씁니다.</translation>
  </message>
  <message>
   <source>Monte Carlo with the network</source>
   <translation>신경망 몬테카를로</translation>
  </message>
  <message>
   <source>Monte Carlo with the physics engine</source>
   <translation>물리 엔진 몬테카를로</translation>
  </message>
  <message>
   <source>More</source>
   <translation>더 보기</translation>
  </message>
  <message>
   <source>Multiply the values by it with Raster &gt; Raster Calculator.</source>
   <translation>래스터 &gt; 래스터 계산기로 값에 이 계수를 곱하십시오.</translation>
  </message>
  <message>
   <source>My own coefficients</source>
   <translation>사용자 계수</translation>
  </message>
  <message>
   <source>NVIDIA GPU (cuda)</source>
   <translation>NVIDIA GPU (cuda)</translation>
  </message>
  <message>
   <source>Name</source>
   <translation>이름</translation>
  </message>
  <message>
   <source>Name of the print layout</source>
   <translation>인쇄 조판 이름</translation>
  </message>
  <message>
   <source>Name them in the file's first line.</source>
   <translation>파일의 첫 줄에 열 이름을 쓰십시오.</translation>
  </message>
  <message>
   <source>Nearly all elevations of the DEM are whole metres if they are read as feet: they seem to be in feet. They must be in metres.</source>
   <translation>수치표고모델의 표고를 피트로 읽으면 거의 모두 정수 미터가 되므로 피트 단위로 보입니다. 미터여야 합니다.</translation>
  </message>
  <message>
   <source>Neighbouring cells are not independent, so the number of cells is not the sample size. An inventory records where slopes failed, not where they remained stable: cells without a mapped landslide count as stable unless stable points are provided. For landslides mapped as polygons use the source areas without the runout. Scores of a map that was calibrated to these landslides are too optimistic: use the held-out scores of its calibration.</source>
   <translation>이웃한 셀은 서로 독립이 아니므로 셀 수는 표본 크기가 아닙니다. 산사태 목록에는 사면이 파괴된 곳만 기록되고 안정하게 남은 곳은 기록되지 않습니다. 안정 지점을 주지 않으면 산사태가 조사되지 않은 셀을 안정으로 봅니다. 폴리곤으로 조사한 산사태는 이동 구간을 뺀 발생부를 쓰십시오. 이 산사태로 보정한 지도의 점수는 지나치게 낙관적이므로 보정의 교차 검증 점수를 쓰십시오.</translation>
  </message>
  <message>
   <source>Network</source>
   <translation>신경망</translation>
  </message>
  <message>
   <source>Network (U-Net)</source>
   <translation>신경망(U-Net)</translation>
  </message>
  <message>
   <source>Network against physics engine: {}</source>
   <translation>신경망과 물리 엔진: {}</translation>
  </message>
  <message>
   <source>Network trained on</source>
   <translation>신경망 학습 범위</translation>
  </message>
  <message>
   <source>Network training</source>
   <translation>신경망 학습</translation>
  </message>
  <message>
   <source>Network weights</source>
   <translation>신경망 가중치</translation>
  </message>
  <message>
   <source>Network weights (*.safetensors)</source>
   <translation>신경망 가중치 (*.safetensors)</translation>
  </message>
  <message>
   <source>Network weights (MODEL)</source>
   <translation>신경망 가중치 (MODEL)</translation>
  </message>
  <message>
   <source>Network: '{}' is not a .safetensors file. Leave the field empty for the network supplied with the plugin.</source>
   <translation>신경망: '{}'은(는) .safetensors 파일이 아닙니다. 플러그인에 들어 있는 신경망을 쓰려면 필드를 비워 두십시오.</translation>
  </message>
  <message>
   <source>No browser opened. The guide: {}</source>
   <translation>브라우저를 열지 못했습니다. 안내서: {}</translation>
  </message>
  <message>
   <source>No cell fails in any of the cases: the agreement of masks cannot be evaluated.</source>
   <translation>어떤 사례에서도 파괴되는 셀이 없어 마스크의 일치도를 평가할 수 없습니다.</translation>
  </message>
  <message>
   <source>No cell fails in either mask: IoU and Dice are 1 by definition, and do not measure agreement.</source>
   <translation>두 마스크 모두 파괴 셀이 없습니다. 이때 IoU와 Dice는 정의에 따라 1이며 일치도를 나타내지 않습니다.</translation>
  </message>
  <message>
   <source>No cohesion up to {:g} kPa is enough for FS &gt;= 1 under initial conditions in {:g} % of the cells. Check the soil depth and the initial water table.</source>
   <translation>점착력을 {:g} kPa까지 높여도 초기 조건에서 셀의 {:g} %를 FS &gt;= 1로 만들 수 없습니다. 토심과 초기 지하수위를 확인하십시오.</translation>
  </message>
  <message>
   <source>No factor on the cohesion raster within {:g} kPa is enough for FS &gt;= 1 under initial conditions in {:g} % of the cells. Check its low values, the soil depth and the initial water table.</source>
   <translation>{:g} kPa를 넘지 않는 한 점착력 래스터에 어떤 계수를 곱해도 초기 조건에서 셀의 {:g} %를 FS &gt;= 1로 만들 수 없습니다. 래스터의 낮은 값, 토심, 초기 지하수위를 확인하십시오.</translation>
  </message>
  <message>
   <source>No feature is on a valid cell of the map. Check the extents and coordinate systems of the layers.</source>
   <translation>지도의 유효 셀 위에 객체가 없습니다. 레이어의 범위와 좌표계를 확인하십시오.</translation>
  </message>
  <message>
   <source>No standard deviation is given: the probability is 0 or 1 in every cell. Enter some, e.g. COHESION_SD of 20 to 40 % and FRICTION_ANGLE_SD of 5 to 15 % of the mean.</source>
   <translation>표준편차가 하나도 없어 모든 셀의 확률이 0 또는 1입니다. 표준편차를 입력하십시오. 예: COHESION_SD는 평균의 20~40 %, FRICTION_ANGLE_SD는 5~15 %.</translation>
  </message>
  <message>
   <source>NoData cells are not part of any polygon.</source>
   <translation>NoData 셀은 어느 폴리곤에도 속하지 않습니다.</translation>
  </message>
  <message>
   <source>None</source>
   <translation>없음</translation>
  </message>
  <message>
   <source>Normal</source>
   <translation>정규분포</translation>
  </message>
  <message>
   <source>Northward shift with the highest AUC of slope, or of the map without a DEM [m]</source>
   <translation>경사(DEM이 없으면 지도)의 AUC가 가장 높은 북쪽 이동량 [m]</translation>
  </message>
  <message>
   <source>Not as a probability of failure in an event or a year: susceptibility is relative. Its values apply to the share of landslide cells stated above.</source>
   <translation>한 강우 사상이나 한 해의 파괴 확률이 아닙니다. 취약성은 상대적이며, 그 값은 위에 적은 산사태 셀 비율에 대한 것입니다.</translation>
  </message>
  <message>
   <source>Not as proof that terrain of low susceptibility is safe: inventories are incomplete, and cells without a mapped landslide count as stable.</source>
   <translation>취약성이 낮은 곳이 안전하다는 증거가 아닙니다. 산사태 목록은 완전하지 않으며, 조사된 산사태가 없는 셀은 안정으로 셉니다.</translation>
  </message>
  <message>
   <source>Not as soil parameters for the design or back-analysis of a single slope: the sets describe the fit of the map.</source>
   <translation>개별 사면의 설계나 역해석을 위한 지반 매개변수가 아닙니다. 조합은 지도의 적합을 나타냅니다.</translation>
  </message>
  <message>
   <source>Not as the only basis for evacuations, permits or land-use decisions.</source>
   <translation>대피, 인허가, 토지 이용을 결정하는 유일한 근거가 아닙니다.</translation>
  </message>
  <message>
   <source>Not at their defaults: {}</source>
   <translation>기본값이 아닌 값: {}</translation>
  </message>
  <message>
   <source>Not for another area: models fitted in one area have ranked landslides worse than slope alone in another. Calibrate again with landslides of that area.</source>
   <translation>다른 지역에 쓰지 마십시오. 한 지역에 맞춘 모델이 다른 지역에서 경사각만 쓸 때보다 산사태를 더 못 가려낸 적이 있습니다. 그 지역의 산사태로 다시 보정하십시오.</translation>
  </message>
  <message>
   <source>Not for the size, runout or velocity of landslides, nor for other types: deep-seated slides, rockfalls, debris flows.</source>
   <translation>산사태의 크기, 이동 거리, 속도나 다른 유형(깊은 산사태, 낙석, 토석류)에는 쓰지 마십시오.</translation>
  </message>
  <message>
   <source>Not used, as this tool has no such parameters: {}.</source>
   <translation>이 도구에 없는 매개변수이므로 사용하지 않습니다: {}.</translation>
  </message>
  <message>
   <source>Nothing was written. Start workers and run again.</source>
   <translation>아무것도 쓰지 않았습니다. 작업자를 시작하고 다시 실행하십시오.</translation>
  </message>
  <message>
   <source>Number of draws</source>
   <translation>추출 횟수</translation>
  </message>
  <message>
   <source>Number of hydrological parameter sets</source>
   <translation>수문 매개변수 조합의 수</translation>
  </message>
  <message>
   <source>Number of polygons</source>
   <translation>폴리곤 수</translation>
  </message>
  <message>
   <source>Number of spatial blocks</source>
   <translation>공간 블록의 수</translation>
  </message>
  <message>
   <source>Number of the first row of the table in which a cell fails; 0 where it never fails. For storms of increasing size this is the smallest storm that makes the cell fail. The legend shows the row names.</source>
   <translation>표에서 셀이 처음 파괴되는 행의 번호. 파괴되지 않으면 0. 점점 커지는 호우를 차례로 넣으면 셀을 파괴시키는 가장 작은 호우를 나타냅니다. 범례에 행의 이름이 나옵니다.</translation>
  </message>
  <message>
   <source>Number of these cells</source>
   <translation>해당 셀 수</translation>
  </message>
  <message>
   <source>Number of threads, each for a block of scenarios; 0 uses one per processor core.</source>
   <translation>스레드 수. 스레드마다 시나리오 블록 하나를 계산합니다. 0이면 프로세서 코어마다 하나를 사용합니다.</translation>
  </message>
  <message>
   <source>Omit the others.</source>
   <translation>나머지를 빼십시오.</translation>
  </message>
  <message>
   <source>On Windows install the Microsoft Visual C++ Redistributable (x64) first. Then reinstall: {}</source>
   <translation>Windows에서는 먼저 Microsoft Visual C++ Redistributable(x64)을 설치하십시오. 그런 다음 다시 설치하십시오: {}</translation>
  </message>
  <message>
   <source>One mask per row is written here, named after the row (row_0001 and so on if it has no name), with its style and the row's parameters in its metadata; masks of earlier runs are replaced, other files of these names are not. If a run is stopped, finished rows are kept in a hidden subfolder, and a new run with the same inputs continues from them. 0 stable (factor of safety of 1 or more), 1 failed (below 1), NoData 255.</source>
   <translation>행마다 마스크 하나를 여기에 씁니다. 파일 이름은 행의 이름을 따르고(이름이 없으면 row_0001 등), 스타일이 함께 있으며 메타데이터에 그 행의 매개변수가 있습니다. 이전 실행의 마스크는 바꾸지만 이름이 같은 다른 파일은 바꾸지 않습니다. 실행이 중단되면 끝난 행은 숨은 하위 폴더에 보관되고, 같은 입력으로 다시 실행하면 거기서 이어집니다. 0 안정(안전율 1 이상), 1 파괴(1 미만), NoData 255.</translation>
  </message>
  <message>
   <source>One minute to 30 days (720 h).</source>
   <translation>1분에서 30일 (720 h).</translation>
  </message>
  <message>
   <source>One of the blocks has only {} stable cells: the scores depend on single cells, and the intervals are too narrow. Use fewer blocks (FOLDS), or more stable points (STABLE).</source>
   <translation>안정 셀이 {}개뿐인 블록이 있습니다. 점수가 셀 하나하나에 좌우되고 구간이 지나치게 좁습니다. 블록 수(FOLDS)를 줄이거나 안정 지점(STABLE)을 늘리십시오.</translation>
  </message>
  <message>
   <source>One of the masks has no coordinate system; the other's is assumed, as the cells agree.</source>
   <translation>한쪽 마스크에 좌표계가 없지만 셀이 서로 맞으므로 다른 쪽의 좌표계로 봅니다.</translation>
  </message>
  <message>
   <source>One page with all tables, the paper's figures for comparison, and maps of agreement.</source>
   <translation>모든 표, 논문 수치와의 비교, 일치도 지도를 담은 한 쪽.</translation>
  </message>
  <message>
   <source>One page with the scenario, a map, the histogram of the factor of safety, the warnings and the provenance.</source>
   <translation>시나리오, 지도, 안전율 히스토그램, 경고, 생성 이력을 담은 한 쪽.</translation>
  </message>
  <message>
   <source>One page with the table, a map, the shares of failed cells and the provenance.</source>
   <translation>표, 지도, 파괴 셀 비율, 생성 이력을 담은 한 쪽.</translation>
  </message>
  <message>
   <source>One page with the training curves, and the validation cases before and after.</source>
   <translation>학습 곡선과 학습 전후의 검증 사례를 담은 한 쪽.</translation>
  </message>
  <message>
   <source>One row per best parameter set, for Predict failure masks from a table. If soil depth is estimated, use the depth raster of this run.</source>
   <translation>최적 매개변수 조합마다 한 행이며 '표로 파괴 마스크 예측'에 씁니다. 토심을 추정했으면 이 실행의 토심 래스터를 쓰십시오.</translation>
  </message>
  <message>
   <source>One row per case with the IoU and the wrong cells of each solver, to find where the solvers are inaccurate.</source>
   <translation>사례마다 한 행: 풀이별 IoU와 틀린 셀 수. 풀이가 부정확한 곳을 찾는 데 씁니다.</translation>
  </message>
  <message>
   <source>One row per epoch: loss and agreement with the engine.</source>
   <translation>에폭마다 한 행: 손실과 엔진과의 일치도.</translation>
  </message>
  <message>
   <source>One row per scenario. Columns: cohesion [kPa], friction_angle [deg], conductivity [m/s], rainfall [mm/h], duration [h], water_table_ratio [-], moisture_deficit [-], suction_head [m], lateral_anisotropy [-], root_cohesion [kPa], root_depth [m], surcharge [kPa], unit_weight_moist [kN/m3], unit_weight_saturated [kN/m3] and name; at least one parameter is required. A column replaces the number or raster below. Titles may be the labels or the usual symbols (c, phi, k, I) and may name a unit, which is converted: c (psf), rainfall_mm_day, Friction angle [rad]. Columns of numbers with an unknown title or unit are refused. Decimal commas are read in text files whose separator is a semicolon or a tab.</source>
   <translation>시나리오마다 한 행. 열: cohesion [kPa], friction_angle [deg], conductivity [m/s], rainfall [mm/h], duration [h], water_table_ratio [-], moisture_deficit [-], suction_head [m], lateral_anisotropy [-], root_cohesion [kPa], root_depth [m], surcharge [kPa], unit_weight_moist [kN/m3], unit_weight_saturated [kN/m3], name. 매개변수가 하나 이상 있어야 합니다. 열은 아래의 숫자나 래스터를 대신합니다. 열 제목은 영어 매개변수 이름이나 흔히 쓰는 기호(c, phi, k, I)여도 되고, 제목에 단위를 쓰면 환산합니다: c (psf), rainfall_mm_day, Friction angle [rad]. 제목이나 단위를 알 수 없는 숫자 열은 거부합니다. 소수점 쉼표는 구분 기호가 세미콜론이나 탭인 텍스트 파일에서 읽습니다.</translation>
  </message>
  <message>
   <source>One row per scenario: its inputs, failed cells, their share, cells of each failure class, reliability of the mask, and its file. If omitted, summary.csv in the output folder.</source>
   <translation>시나리오마다 한 행: 입력, 파괴 셀 수와 비율, 파괴 유형별 셀 수, 마스크의 신뢰도, 파일. 비우면 출력 폴더의 summary.csv.</translation>
  </message>
  <message>
   <source>One row per scenario: parameters, subset of the split, failed cells.</source>
   <translation>시나리오마다 한 행: 매개변수, 분할의 부분집합, 파괴 셀 수.</translation>
  </message>
  <message>
   <source>One row per solver and group of cases: by failed cells, share, cell size, study area, reliability, and strength of lateral flow.</source>
   <translation>풀이와 사례 묶음마다 한 행: 파괴 셀 수, 비율, 셀 크기, 대상 지역, 신뢰도, 측방 흐름의 세기에 따라.</translation>
  </message>
  <message>
   <source>Only one epoch: no curve.</source>
   <translation>에포크가 하나뿐이라 곡선이 없습니다.</translation>
  </message>
  <message>
   <source>Only one landslide is on evaluated cells: there are no intervals. Map {} or more.</source>
   <translation>평가 셀에 있는 산사태가 하나뿐이어서 구간이 없습니다. {}개 이상 조사하십시오.</translation>
  </message>
  <message>
   <source>Only {} landslides are on evaluated cells: the intervals are wide. Map {} or more.</source>
   <translation>평가 셀에 있는 산사태가 {}개뿐이어서 구간이 넓습니다. {}개 이상 조사하십시오.</translation>
  </message>
  <message>
   <source>Only {} landslides: the intervals are wide. Map {} or more.</source>
   <translation>산사태가 {}개뿐이어서 구간이 넓습니다. {}개 이상 조사하십시오.</translation>
  </message>
  <message>
   <source>Open elevation, soil depth, table and landslides after the run.</source>
   <translation>실행 뒤에 고도, 토심, 표, 산사태를 엽니다.</translation>
  </message>
  <message>
   <source>Open the report</source>
   <translation>보고서 열기</translation>
  </message>
  <message>
   <source>Open: groundwater drains out</source>
   <translation>열림: 지하수가 빠져나감</translation>
  </message>
  <message>
   <source>Options of the physics</source>
   <translation>물리 선택 사항</translation>
  </message>
  <message>
   <source>Out of memory: clip the DEM to the area of interest, or resample it to larger cells.</source>
   <translation>메모리가 부족합니다. DEM을 필요한 곳만 잘라 내거나 더 큰 셀로 다시 표본화하십시오.</translation>
  </message>
  <message>
   <source>Out of memory: clip the DEM to the area of interest.</source>
   <translation>메모리가 부족합니다. DEM을 필요한 곳만 잘라 내십시오.</translation>
  </message>
  <message>
   <source>Output</source>
   <translation>출력</translation>
  </message>
  <message>
   <source>Output and network</source>
   <translation>출력과 신경망</translation>
  </message>
  <message>
   <source>Output files</source>
   <translation>출력 파일</translation>
  </message>
  <message>
   <source>Output folder</source>
   <translation>출력 폴더</translation>
  </message>
  <message>
   <source>Output folder (OUTPUT_FOLDER)</source>
   <translation>출력 폴더 (OUTPUT_FOLDER)</translation>
  </message>
  <message>
   <source>Outputs</source>
   <translation>출력</translation>
  </message>
  <message>
   <source>Outside the training of the network: {}. Where lateral flow can change the mask, choose the physics engine as solver; elsewhere the mask is the engine's.</source>
   <translation>신경망의 학습 범위를 벗어남: {}. 측방 흐름이 마스크를 바꿀 수 있는 곳에서는 해석기로 물리 엔진을 선택하십시오. 그 밖의 곳에서는 마스크가 물리 엔진의 결과와 같습니다.</translation>
  </message>
  <message>
   <source>PDF</source>
   <translation>PDF</translation>
  </message>
  <message>
   <source>PDF, PNG of 200 dpi or SVG.</source>
   <translation>PDF, PNG(200 dpi) 또는 SVG.</translation>
  </message>
  <message>
   <source>Page</source>
   <translation>용지</translation>
  </message>
  <message>
   <source>Paper: passes over the training set, 75 if empty. Correction network: epochs of at most 500 steps; if empty, 40, or 8 with an initial network.</source>
   <translation>논문 신경망: 학습 자료를 훑는 횟수이며 비우면 75입니다. 보정 신경망: 최대 500단계인 에폭의 수이며 비우면 40, 초기 신경망이 있으면 8입니다.</translation>
  </message>
  <message>
   <source>Parameter</source>
   <translation>매개변수</translation>
  </message>
  <message>
   <source>Parameter layers</source>
   <translation>매개변수 레이어</translation>
  </message>
  <message>
   <source>Parameter table</source>
   <translation>매개변수 표</translation>
  </message>
  <message>
   <source>Parameters from zones</source>
   <translation>구역별 매개변수 래스터</translation>
  </message>
  <message>
   <source>Parameters of the best set by key, as JSON</source>
   <translation>최적 조합의 매개변수(키별, JSON)</translation>
  </message>
  <message>
   <source>Patience</source>
   <translation>인내 에폭</translation>
  </message>
  <message>
   <source>Physics engine</source>
   <translation>물리 엔진</translation>
  </message>
  <message>
   <source>Points or polygons (source areas). A polygon covers the cells whose centres it contains, or the cell it lies in if it contains none; a point covers its cell.</source>
   <translation>포인트 또는 폴리곤(발생부). 폴리곤에는 중심이 안에 드는 셀이 속하고, 그런 셀이 없으면 놓인 셀이 속합니다. 포인트에는 그 셀이 속합니다.</translation>
  </message>
  <message>
   <source>Points that are known to be stable; if omitted, every evaluated cell without a landslide counts as stable.</source>
   <translation>안정하다고 알려진 지점. 비워 두면 산사태가 없는 모든 평가 셀을 안정으로 봅니다.</translation>
  </message>
  <message>
   <source>Points that are known to be stable; if omitted, stable cells are sampled at least 30 m and 3 cells away from landslides.</source>
   <translation>안정하다고 알려진 지점. 비워 두면 산사태에서 30 m 이상이면서 셀 3개 이상 떨어진 안정 셀을 추출합니다.</translation>
  </message>
  <message>
   <source>Points, or polygons of source areas without the runout; at least 10, better 30. Of a large polygon, at most 20 cells are sampled. In a layer with fewer than 10 features, each part counts as a landslide.</source>
   <translation>유동 구간을 뺀 발생부의 포인트 또는 폴리곤. 10개 이상, 되도록 30개 이상. 큰 폴리곤에서는 셀을 최대 20개 추출합니다. 객체가 10개 미만인 레이어는 각 부분을 산사태 하나로 셉니다.</translation>
  </message>
  <message>
   <source>Polygon layer; reprojected if its coordinate system differs. Where polygons overlap, the later feature is used. A unit in a field's name, such as c_psf or K (mm/h), is converted.</source>
   <translation>폴리곤 레이어. 좌표계가 다르면 재투영합니다. 겹치는 곳은 나중 객체를 씁니다. c_psf나 K (mm/h)처럼 필드 이름에 있는 단위는 환산합니다.</translation>
  </message>
  <message>
   <source>Polygons that the inventory covers; if omitted, the whole elevation model. The maps cover all of it.</source>
   <translation>목록이 다루는 구역의 폴리곤. 비워 두면 수치표고모델 전체. 지도는 수치표고모델 전체에 만듭니다.</translation>
  </message>
  <message>
   <source>Polygons that the inventory covers; if omitted, the whole map is evaluated.</source>
   <translation>목록이 다루는 구역의 폴리곤. 비워 두면 지도 전체를 평가합니다.</translation>
  </message>
  <message>
   <source>Polygons with class (1 for failed), cells, area_m2 (cells times the area of a cell), mean, minimum and maximum (NULL where no value is known).</source>
   <translation>class(파괴는 1), cells, area_m2(셀 수에 셀 면적을 곱한 값), mean, minimum, maximum(값을 모르면 NULL)이 있는 폴리곤.</translation>
  </message>
  <message>
   <source>Polygons, lines or points. A polygon covers the cells whose centres it contains, or the cell it lies in if it contains none.</source>
   <translation>폴리곤, 라인 또는 포인트. 폴리곤에는 중심이 안에 드는 셀이 속하고, 그런 셀이 없으면 폴리곤이 놓인 셀이 속합니다.</translation>
  </message>
  <message>
   <source>Ponded: where the rain exceeds the infiltration capacity</source>
   <translation>담수: 비가 침투능을 넘는 곳</translation>
  </message>
  <message>
   <source>Pooled IoU</source>
   <translation>통합 IoU</translation>
  </message>
  <message>
   <source>Pooled IoU (of one pair: its IoU)</source>
   <translation>통합 IoU (한 쌍이면 그 IoU)</translation>
  </message>
  <message>
   <source>Pooled IoU, {}</source>
   <translation>통합 IoU, {}</translation>
  </message>
  <message>
   <source>Pore-size distribution index</source>
   <translation>공극 크기 분포 지수</translation>
  </message>
  <message>
   <source>Precision</source>
   <translation>정밀도</translation>
  </message>
  <message>
   <source>Predict failure mask</source>
   <translation>파괴 마스크 예측</translation>
  </message>
  <message>
   <source>Predict failure mask...</source>
   <translation>파괴 마스크 예측...</translation>
  </message>
  <message>
   <source>Predict failure masks from a table</source>
   <translation>표로 파괴 마스크 예측</translation>
  </message>
  <message>
   <source>Predict failure masks from a table...</source>
   <translation>표로 파괴 마스크 예측...</translation>
  </message>
  <message>
   <source>Predicted mask</source>
   <translation>예측 마스크</translation>
  </message>
  <message>
   <source>Predicts one failure mask for each row of a table (a layer, CSV, XLSX or GeoPackage) whose columns are named like the parameters: cohesion, friction_angle, conductivity, rainfall, duration and so on; name, if there is one, names the files. Parameters without a column take the numbers or rasters given here. What depends on the terrain alone is computed once for all rows. A table with errors is refused before anything runs; all errors are listed by row and column. Without the Python packages torch and safetensors the physics engine is used.</source>
   <translation>표(레이어, CSV, XLSX, GeoPackage)의 행마다 파괴 마스크를 하나씩 예측합니다. 열 이름은 매개변수와 같게 씁니다: cohesion, friction_angle, conductivity, rainfall, duration 등. name 열이 있으면 파일 이름이 됩니다. 열이 없는 매개변수는 여기 준 수나 래스터를 씁니다. 지형에만 달린 것은 모든 행에 대해 한 번만 계산합니다. 오류가 있는 표는 실행 전에 거부하고, 모든 오류를 행과 열로 알려 줍니다. Python 패키지 torch와 safetensors가 없으면 물리 엔진을 씁니다.</translation>
  </message>
  <message>
   <source>Presets</source>
   <translation>사전 설정</translation>
  </message>
  <message>
   <source>Press this button to read a large study area</source>
   <translation>큰 대상 지역을 읽으려면 이 버튼을 누르십시오</translation>
  </message>
  <message>
   <source>Print layout '{}' was added to the project: Project &gt; Layouts.</source>
   <translation>인쇄 조판 '{}'을(를) 프로젝트에 추가했습니다: 프로젝트 &gt; 조판.</translation>
  </message>
  <message>
   <source>Probability from which a cell counts as failed</source>
   <translation>파괴로 보는 최소 확률</translation>
  </message>
  <message>
   <source>Probability of a factor of safety below 1 for the specified standard deviations, 0 to 1. With Monte Carlo 0 means that the cell failed in none of the draws, not that it cannot fail.</source>
   <translation>지정한 표준편차에서 안전율이 1 미만일 확률 (0~1). 몬테카를로에서 0은 어느 표본에서도 셀이 파괴되지 않았다는 뜻이며, 파괴될 수 없다는 뜻이 아닙니다.</translation>
  </message>
  <message>
   <source>Probability of failure, 0 to 1</source>
   <translation>파괴 확률, 0~1</translation>
  </message>
  <message>
   <source>Probability, from 0 to 1, that the physics engine would also compute failure of a cell: the error of the network. It is not the probability that the slope fails: for uncertain soil run 'Failure probability'.</source>
   <translation>물리 엔진도 셀을 파괴로 계산할 확률(0~1)로, 신경망의 오차를 나타냅니다. 사면이 무너질 확률이 아닙니다. 흙이 불확실하면 '파괴 확률'을 실행하십시오.</translation>
  </message>
  <message>
   <source>Processor (cpu)</source>
   <translation>프로세서 (cpu)</translation>
  </message>
  <message>
   <source>Provenance</source>
   <translation>생성 정보</translation>
  </message>
  <message>
   <source>Provide more points, or omit the layer: stable cells are then sampled.</source>
   <translation>지점을 더 주거나 레이어를 비워 두십시오. 비우면 안정 셀을 추출합니다.</translation>
  </message>
  <message>
   <source>Published cases: rain, strength and conductivity</source>
   <translation>발표된 사례: 비, 강도, 투수계수</translation>
  </message>
  <message>
   <source>Puts a result on an A4 or A3 sheet with title, legend, scale bar, north arrow and provenance. The sheet is added to the print layouts of the project (Project &amp;gt; Layouts) and opened there, where everything can be changed. If a file is given, the sheet is also written as PDF, PNG or SVG.</source>
   <translation>결과를 제목, 범례, 축척 막대, 방위표, 생성 이력과 함께 A4 또는 A3 시트에 배치합니다. 시트는 프로젝트의 인쇄 조판(프로젝트 &amp;gt; 조판)에 추가되고 열리며, 거기에서 모두 바꿀 수 있습니다. 파일을 지정하면 시트를 PDF, PNG 또는 SVG로도 저장합니다.</translation>
  </message>
  <message>
   <source>PyTorch is not installed: the physics engine is used. The network is faster where lateral flow is strong. &lt;a href='installation'&gt;How to install PyTorch&lt;/a&gt;</source>
   <translation>PyTorch가 설치되어 있지 않아 물리 엔진을 씁니다. 측방 흐름이 강한 곳에서는 신경망이 더 빠릅니다. &lt;a href='installation'&gt;PyTorch 설치 방법&lt;/a&gt;</translation>
  </message>
  <message>
   <source>ROC</source>
   <translation>ROC</translation>
  </message>
  <message>
   <source>ROC curves and their areas</source>
   <translation>ROC 곡선과 면적</translation>
  </message>
  <message>
   <source>ROC curves, held out, and their AUC</source>
   <translation>교차 검증 ROC 곡선과 AUC</translation>
  </message>
  <message>
   <source>Rain from a return period</source>
   <translation>재현기간 강우</translation>
  </message>
  <message>
   <source>Rain from a return period...</source>
   <translation>재현기간으로 강우 계산...</translation>
  </message>
  <message>
   <source>Rain that changes with time; replaces rainfall and duration. A table or CSV file with the columns hour (end of the interval; the first begins at 0) and rainfall (mm/h within it). Rows of rainfall 0 are pauses, or the time after the rain. Other units that the titles name are converted: time (min), rain [mm/day].</source>
   <translation>시간에 따라 변하는 비. 강우강도와 지속시간을 대신합니다. hour(구간의 끝, 첫 구간은 0에서 시작)와 rainfall(그 구간의 mm/h) 열이 있는 표나 CSV 파일입니다. rainfall이 0인 행은 비가 멈춘 시간이나 비가 끝난 뒤입니다. 제목에 쓴 다른 단위는 환산합니다: time (min), rain [mm/day].</translation>
  </message>
  <message>
   <source>Rain that did not infiltrate, up to the end of the event.</source>
   <translation>사상이 끝날 때까지 침투하지 못한 비.</translation>
  </message>
  <message>
   <source>Rain: {:g} mm in {}, at most {:g} mm/h.</source>
   <translation>강우: {1} 동안 {0:g} mm, 최대 {2:g} mm/h.</translation>
  </message>
  <message>
   <source>Rain: {:g} mm/h for {}, {:g} mm in total.</source>
   <translation>강우: {:g} mm/h, 지속기간 {}, 총 {:g} mm.</translation>
  </message>
  <message>
   <source>Rain: {:g} to {:g} mm/h (5th to 95th percentile of the raster) for {}, {:g} mm in total at the median.</source>
   <translation>강우: {:g} ~ {:g} mm/h(래스터의 5 ~ 95번째 백분위수), 지속기간 {}, 중앙값 기준 총 {:g} mm.</translation>
  </message>
  <message>
   <source>Rainfall curve of</source>
   <translation>강우 식</translation>
  </message>
  <message>
   <source>Rainfall depth [mm]</source>
   <translation>강우량 [mm]</translation>
  </message>
  <message>
   <source>Rainfall intensity</source>
   <translation>강우강도</translation>
  </message>
  <message>
   <source>Rainfall intensity [mm/h]</source>
   <translation>강우강도 [mm/h]</translation>
  </message>
  <message>
   <source>Rainfall intensity on the horizontal, constant over the duration.</source>
   <translation>수평면 기준 강우강도. 지속시간 동안 일정합니다.</translation>
  </message>
  <message>
   <source>Rainfall intensity on the horizontal, constant over the duration. By zone.</source>
   <translation>수평면 기준 강우강도. 지속시간 동안 일정합니다. 구역별.</translation>
  </message>
  <message>
   <source>Rainfall intensity: distribution</source>
   <translation>강우강도: 분포</translation>
  </message>
  <message>
   <source>Rainfall intensity: standard deviation</source>
   <translation>강우강도: 표준편차</translation>
  </message>
  <message>
   <source>Rainfall of {:g} h with a return period of {:g} years, from {}.</source>
   <translation>지속시간 {:g}시간, 재현기간 {:g}년의 강우, 출처: {}.</translation>
  </message>
  <message>
   <source>Raise the porosity or lower the moisture deficit.</source>
   <translation>공극률을 높이거나 수분 부족량을 낮추십시오.</translation>
  </message>
  <message>
   <source>Range of the scenarios: {} of rain in {}; saturated hydraulic conductivity {} ({}), {}.</source>
   <translation>시나리오의 범위: 총강우량 {}, 지속기간 {}; 포화 투수계수 {} ({}), {}.</translation>
  </message>
  <message>
   <source>Raster for mean, minimum and maximum, e.g. the factor of safety for a mask; aligned to the map. If omitted, the values of the map are used.</source>
   <translation>평균, 최솟값, 최댓값을 구할 래스터. 예: 마스크에 대한 안전율. 지도에 맞춥니다. 비워 두면 지도의 값을 씁니다.</translation>
  </message>
  <message>
   <source>Raster in place of the number, {}; aligned to the elevation model.</source>
   <translation>숫자를 대신하는 래스터, {}. 수치표고모델에 맞춥니다.</translation>
  </message>
  <message>
   <source>Raster of standard deviations in place of the number; aligned to the elevation model.</source>
   <translation>숫자 대신 사용할 표준편차 래스터이며, 수치표고모델에 맞춰 정렬합니다.</translation>
  </message>
  <message>
   <source>Ratio of the lateral conductivity, along the slope, to the vertical one; 10 to 50 with macropores and soil pipes.</source>
   <translation>사면을 따르는 측방 투수계수와 연직 투수계수의 비. 대공극과 흙 속 파이프가 있으면 10~50입니다.</translation>
  </message>
  <message>
   <source>Ratio of the lateral conductivity, along the slope, to the vertical one; 10 to 50 with macropores and soil pipes. By zone.</source>
   <translation>사면을 따르는 측방 투수계수와 연직 투수계수의 비. 대공극과 흙 속 파이프가 있으면 10~50입니다. 구역별.</translation>
  </message>
  <message>
   <source>Read this study area</source>
   <translation>이 대상 지역 읽기</translation>
  </message>
  <message>
   <source>Reading the study area</source>
   <translation>대상 지역을 읽는 중</translation>
  </message>
  <message>
   <source>Reading the study area...</source>
   <translation>대상 지역을 읽는 중...</translation>
  </message>
  <message>
   <source>Recall</source>
   <translation>재현율</translation>
  </message>
  <message>
   <source>Reference mask</source>
   <translation>기준 마스크</translation>
  </message>
  <message>
   <source>Relative error of the mass balance</source>
   <translation>물수지 상대오차</translation>
  </message>
  <message>
   <source>Reliability</source>
   <translation>신뢰도</translation>
  </message>
  <message>
   <source>Reliability '{}' in {} of {} scenarios: {}. The summary gives the reasons.</source>
   <translation>신뢰도 '{0}': 시나리오 {2}개 중 {1}개: {3}. 이유는 요약에 있습니다.</translation>
  </message>
  <message>
   <source>Reliability (agreement with the physics engine, plausible inputs)</source>
   <translation>신뢰도(물리 엔진과의 일치, 입력의 타당성)</translation>
  </message>
  <message>
   <source>Reliability at the first row: {}</source>
   <translation>첫 행에서의 신뢰도: {}</translation>
  </message>
  <message>
   <source>Reliability at the means: trusted, caution or outside, and why</source>
   <translation>평균값에서의 신뢰도: trusted, caution, outside와 그 이유</translation>
  </message>
  <message>
   <source>Reliability at the means: {}</source>
   <translation>평균값에서의 신뢰도: {}</translation>
  </message>
  <message>
   <source>Reliability diagram</source>
   <translation>신뢰도 곡선</translation>
  </message>
  <message>
   <source>Reliability: &lt;b&gt;{}&lt;/b&gt;</source>
   <translation>신뢰도: &lt;b&gt;{}&lt;/b&gt;</translation>
  </message>
  <message>
   <source>Reliability: trusted, caution or outside, and why</source>
   <translation>신뢰도: trusted, caution, outside와 그 이유</translation>
  </message>
  <message>
   <source>Reliability: {}</source>
   <translation>신뢰도: {}</translation>
  </message>
  <message>
   <source>Remove that folder: the training then starts from the beginning.</source>
   <translation>그 폴더를 지우십시오: 그러면 학습을 처음부터 시작합니다.</translation>
  </message>
  <message>
   <source>Remove the layer from the project, close the other program, or choose another output.</source>
   <translation>프로젝트에서 그 레이어를 제거하거나 다른 프로그램을 닫거나, 다른 출력을 고르십시오.</translation>
  </message>
  <message>
   <source>Remove them, or omit the layer: stable cells are then sampled.</source>
   <translation>지우거나 레이어를 비워 두십시오. 비우면 안정 셀을 추출합니다.</translation>
  </message>
  <message>
   <source>Rename it, or choose another output.</source>
   <translation>이름을 바꾸거나 다른 출력을 고르십시오.</translation>
  </message>
  <message>
   <source>Rename the layers, or name the file.</source>
   <translation>레이어의 이름을 바꾸거나 파일을 지정하십시오.</translation>
  </message>
  <message>
   <source>Replace those of cells that cannot fail by a number, such as a factor of safety of 10, with the raster calculator.</source>
   <translation>붕괴할 수 없는 셀의 값을 래스터 계산기로 안전율 10과 같은 숫자로 바꾸십시오.</translation>
  </message>
  <message>
   <source>Report</source>
   <translation>보고서</translation>
  </message>
  <message>
   <source>Reproject it with Raster &gt; Projections &gt; Warp (Reproject), by nearest neighbour.</source>
   <translation>래스터 &gt; 투영체 &gt; 워프(재투영)에서 최근린 방식으로 재투영하십시오.</translation>
  </message>
  <message>
   <source>Reproject it with Raster &gt; Projections &gt; Warp (Reproject), e.g. into the UTM zone of the area.</source>
   <translation>래스터 &gt; 투영체 &gt; 워프(재투영)에서 재투영하십시오. 예: 해당 지역의 UTM 구역.</translation>
  </message>
  <message>
   <source>Reproject it with Raster &gt; Projections &gt; Warp (Reproject), e.g. into {}.</source>
   <translation>래스터 &gt; 투영체 &gt; 워프(재투영)에서 재투영하십시오. 예: {}.</translation>
  </message>
  <message>
   <source>Resample it with Raster &gt; Projections &gt; Warp (Reproject), giving one output resolution.</source>
   <translation>래스터 &gt; 투영체 &gt; 워프(재투영)에서 출력 해상도 하나를 주어 다시 표본화하십시오.</translation>
  </message>
  <message>
   <source>Reset all numbers to their defaults</source>
   <translation>모든 숫자를 기본값으로 되돌립니다</translation>
  </message>
  <message>
   <source>Result</source>
   <translation>결과</translation>
  </message>
  <message>
   <source>Result in one sentence</source>
   <translation>한 문장으로 나타낸 결과</translation>
  </message>
  <message>
   <source>Results by group of cases</source>
   <translation>사례 묶음별 결과</translation>
  </message>
  <message>
   <source>Return period (RETURN_PERIOD)</source>
   <translation>재현기간 (RETURN_PERIOD)</translation>
  </message>
  <message>
   <source>Return period [yr]</source>
   <translation>재현기간 [년]</translation>
  </message>
  <message>
   <source>Root cohesion</source>
   <translation>뿌리 점착력</translation>
  </message>
  <message>
   <source>Root cohesion with depth</source>
   <translation>깊이에 따른 뿌리 점착력</translation>
  </message>
  <message>
   <source>Root cohesion: distribution</source>
   <translation>뿌리 점착력: 분포</translation>
  </message>
  <message>
   <source>Root cohesion: standard deviation</source>
   <translation>뿌리 점착력: 표준편차</translation>
  </message>
  <message>
   <source>Root depth</source>
   <translation>뿌리 깊이</translation>
  </message>
  <message>
   <source>Root depth: distribution</source>
   <translation>뿌리 깊이: 분포</translation>
  </message>
  <message>
   <source>Root depth: standard deviation</source>
   <translation>뿌리 깊이: 표준편차</translation>
  </message>
  <message>
   <source>Route groundwater between cells. Without it every cell is a soil column of its own, in closed form.</source>
   <translation>셀 사이의 지하수 흐름을 계산합니다. 끄면 각 셀은 닫힌 식으로 푸는 독립된 흙기둥입니다.</translation>
  </message>
  <message>
   <source>Rows</source>
   <translation>행</translation>
  </message>
  <message>
   <source>Rows and columns of the DEM repeat their neighbours: it seems to have been reprojected or resampled without interpolation (nearest neighbour), which makes steps that the ground does not have. Make it anew from the original with bilinear or cubic resampling.</source>
   <translation>DEM의 행과 열이 이웃과 똑같이 반복됩니다. 보간 없이(최근린) 재투영하거나 리샘플링한 것으로 보이며, 실제 지면에 없는 계단이 생깁니다. 원본에서 이중선형 또는 3차 리샘플링으로 다시 만드십시오.</translation>
  </message>
  <message>
   <source>Rows of a stopped run exist, but its inputs differ: all rows are computed.</source>
   <translation>중단된 실행의 행이 있으나 입력이 다릅니다: 모든 행을 계산합니다.</translation>
  </message>
  <message>
   <source>Rows of the table: {}. Solver: {}</source>
   <translation>표의 행: {}. 해석기: {}</translation>
  </message>
  <message>
   <source>Rows of the table: {}. The share of the rows in which a cell fails is a probability only if the rows are equally likely, which storms of different return periods are not; its standard error is up to {:.2f}.</source>
   <translation>표의 행: {}개. 셀이 파괴되는 행의 비율은 행들의 확률이 같을 때에만 확률이며, 재현기간이 서로 다른 강우는 그렇지 않습니다. 표준오차는 최대 {:.2f}입니다.</translation>
  </message>
  <message>
   <source>Run</source>
   <translation>실행</translation>
  </message>
  <message>
   <source>Run the algorithm with these values and add failure class and mask, with their provenance, to the project</source>
   <translation>이 값으로 알고리즘을 실행하고, 파괴 등급과 마스크를 이력과 함께 프로젝트에 추가합니다</translation>
  </message>
  <message>
   <source>Run the physics engine on a random sample of the rows, 5 at most, and compare the masks. The log and the reasons in the summary give the result. If the IoU of a row is below 0.95, its mask is not rated trusted.</source>
   <translation>무작위로 고른 행(최대 5개)에서 물리 엔진을 실행하여 마스크를 비교합니다. 결과는 로그와 요약의 까닭에 나옵니다. 행의 IoU가 0.95 미만이면 그 마스크를 trusted로 평가하지 않습니다.</translation>
  </message>
  <message>
   <source>Runoff</source>
   <translation>지표 유출</translation>
  </message>
  <message>
   <source>Runs a network on the cases of a data set that were not used in its training and compares its masks, those of the closed-form column (the same physics without lateral flow) and those of a pointwise network with the physics engine's. Writes the metrics as a table and, if requested, a report with the figures of the paper (Jeong et al.) for comparison. Needs the Python packages torch and safetensors.</source>
   <translation>학습에 쓰지 않은 데이터 세트의 사례에 신경망을 실행하고, 그 마스크와 닫힌 식의 흙기둥(측방 흐름이 없는 같은 물리), 셀별 신경망의 마스크를 물리 엔진의 것과 비교합니다. 지표를 표로 쓰고, 요청하면 논문(Jeong 외)의 수치와 비교한 보고서도 씁니다. Python 패키지 torch와 safetensors가 필요합니다.</translation>
  </message>
  <message>
   <source>Runs the physics engine on many scenarios and stores water table, wetting front and ponding at the end of each event, for training and evaluating networks. The study areas are procedural, or your own if you specify a DEM; the paper's design has its own. The work is distributed over the processor cores. A build that was stopped continues when it is run again with the same inputs and folder. Does not need PyTorch.</source>
   <translation>물리 엔진을 많은 시나리오에 실행하고 강우 끝의 지하수위, 습윤전선, 지표 담수를 신경망의 학습과 평가용으로 저장합니다. 대상 지역은 절차적으로 만든 것이거나, DEM을 지정하면 사용자의 지역입니다. 논문 설계에는 자체 대상 지역이 있습니다. 작업은 프로세서의 코어에 나눕니다. 멈춘 작업은 같은 입력과 폴더로 다시 실행하면 이어집니다. PyTorch가 필요 없습니다.</translation>
  </message>
  <message>
   <source>Runs the physics engine on the same inputs and maps where the masks differ.</source>
   <translation>같은 입력으로 물리 엔진을 실행하고 마스크가 다른 곳을 지도로 보여 줍니다.</translation>
  </message>
  <message>
   <source>SC, clayey sand</source>
   <translation>SC, 점토질 모래</translation>
  </message>
  <message>
   <source>SD raster</source>
   <translation>표준편차 래스터</translation>
  </message>
  <message>
   <source>SM, silty sand</source>
   <translation>SM, 실트질 모래</translation>
  </message>
  <message>
   <source>SP, poorly graded sand</source>
   <translation>SP, 입도 나쁜 모래</translation>
  </message>
  <message>
   <source>SW, well-graded sand</source>
   <translation>SW, 입도 좋은 모래</translation>
  </message>
  <message>
   <source>Sand</source>
   <translation>모래</translation>
  </message>
  <message>
   <source>Sandy clay</source>
   <translation>사질 식토</translation>
  </message>
  <message>
   <source>Sandy clay loam</source>
   <translation>사질 식양토</translation>
  </message>
  <message>
   <source>Sandy loam</source>
   <translation>사양토</translation>
  </message>
  <message>
   <source>Saturated hydraulic conductivity</source>
   <translation>포화 투수계수</translation>
  </message>
  <message>
   <source>Saturated hydraulic conductivity K_s of the soil, vertical.</source>
   <translation>흙의 연직 포화 투수계수 K_s.</translation>
  </message>
  <message>
   <source>Saturated hydraulic conductivity K_s of the soil, vertical. By zone.</source>
   <translation>흙의 연직 포화 투수계수 K_s. 구역별.</translation>
  </message>
  <message>
   <source>Saturated hydraulic conductivity: distribution</source>
   <translation>포화 투수계수: 분포</translation>
  </message>
  <message>
   <source>Saturated hydraulic conductivity: standard deviation</source>
   <translation>포화 투수계수: 표준편차</translation>
  </message>
  <message>
   <source>Saturated minus residual water content, theta_s - theta_r; used for the moist wetting front and for strength from suction.</source>
   <translation>포화 함수비에서 잔류 함수비를 뺀 값 theta_s - theta_r. 불포화 습윤전선과 흡입력에 의한 강도에 쓰입니다.</translation>
  </message>
  <message>
   <source>Saturated unit weight</source>
   <translation>포화단위중량</translation>
  </message>
  <message>
   <source>Saturated unit weight (UNIT_WEIGHT_SATURATED)</source>
   <translation>포화단위중량 (UNIT_WEIGHT_SATURATED)</translation>
  </message>
  <message>
   <source>Saturated unit weight: distribution</source>
   <translation>포화단위중량: 분포</translation>
  </message>
  <message>
   <source>Saturated unit weight: standard deviation</source>
   <translation>포화단위중량: 표준편차</translation>
  </message>
  <message>
   <source>Save the failure mask</source>
   <translation>파괴 마스크 저장</translation>
  </message>
  <message>
   <source>Saved as a layer: see the Layers panel</source>
   <translation>레이어로 저장됨: 레이어 패널을 보십시오</translation>
  </message>
  <message>
   <source>Scenario</source>
   <translation>시나리오</translation>
  </message>
  <message>
   <source>Scenarios</source>
   <translation>시나리오</translation>
  </message>
  <message>
   <source>Scheduler (SCHEDULER)</source>
   <translation>스케줄러 (SCHEDULER)</translation>
  </message>
  <message>
   <source>Scheduler of a cluster</source>
   <translation>클러스터의 스케줄러</translation>
  </message>
  <message>
   <source>Scheduler {}: {} workers.</source>
   <translation>스케줄러 {}: 작업자 {}개.</translation>
  </message>
  <message>
   <source>Scheme of lateral flow</source>
   <translation>측방 흐름의 계산 방식</translation>
  </message>
  <message>
   <source>Scheme of lateral flow: {}.</source>
   <translation>측방 흐름의 계산 방식: {}.</translation>
  </message>
  <message>
   <source>Scores are held out by spatial blocks, which needs landslides in several places: use a larger inventory.</source>
   <translation>점수는 공간 블록을 빼 두는 교차 검증으로 구하므로 산사태가 여러 곳에 있어야 합니다. 더 큰 목록을 쓰십시오.</translation>
  </message>
  <message>
   <source>Scores of each case</source>
   <translation>사례별 점수</translation>
  </message>
  <message>
   <source>Screening result of a model: it is neither a forecast nor a warning. Do not base evacuations or permits on it alone.</source>
   <translation>모델의 선별용 결과이며 예보도 경보도 아닙니다. 이 지도만으로 대피나 인허가를 결정하지 마십시오.</translation>
  </message>
  <message>
   <source>Seconds</source>
   <translation>초</translation>
  </message>
  <message>
   <source>Seed</source>
   <translation>난수 시드</translation>
  </message>
  <message>
   <source>Seepage pressure in the wetted zone</source>
   <translation>습윤대의 침투수압</translation>
  </message>
  <message>
   <source>Selected by its name. {}</source>
   <translation>이름으로 골랐습니다. {}</translation>
  </message>
  <message>
   <source>Seoul</source>
   <translation>서울</translation>
  </message>
  <message>
   <source>Seoul's curve</source>
   <translation>서울의 식</translation>
  </message>
  <message>
   <source>Set</source>
   <translation>조합</translation>
  </message>
  <message>
   <source>Set it with Layer &gt; Set CRS of Layer(s) or Assign Projection; a plain ASCII grid has none of its own, but may have a .prj file next to it.</source>
   <translation>레이어 &gt; 레이어 좌표계 설정이나 투영체 적용으로 지정하십시오. ASCII 격자에는 좌표계가 없지만 .prj 파일을 옆에 둘 수 있습니다.</translation>
  </message>
  <message>
   <source>Set its coordinate system with Layer &gt; Set CRS of Layer(s), then reproject it into one in metres.</source>
   <translation>레이어 &gt; 레이어 좌표계 설정에서 좌표계를 정한 다음 미터 단위의 좌표계로 재투영하십시오.</translation>
  </message>
  <message>
   <source>Set the DEM's with Layer &gt; Set CRS of Layer(s) or Assign Projection.</source>
   <translation>레이어 &gt; 레이어 좌표계 설정이나 투영체 적용으로 수치표고모델의 좌표계를 지정하십시오.</translation>
  </message>
  <message>
   <source>Set-up</source>
   <translation>설정</translation>
  </message>
  <message>
   <source>Sets tried for each soil depth</source>
   <translation>토심마다 시험한 조합 수</translation>
  </message>
  <message>
   <source>Setting a coordinate system does not reproject a layer: set the one in degrees again (Layer &gt; Set CRS of Layer(s)), then reproject it with Raster &gt; Projections &gt; Warp (Reproject).</source>
   <translation>좌표계를 설정해도 레이어가 재투영되지는 않습니다. 도 단위 좌표계를 다시 설정하고(레이어 &gt; 레이어 좌표계 설정) 래스터 &gt; 투영 &gt; 왜곡(재투영)으로 재투영하십시오.</translation>
  </message>
  <message>
   <source>Shallow-landslide threshold for this duration: {:g} mm (Guzzetti et al. 2008).</source>
   <translation>이 지속기간의 표층 산사태 임계 강우량: {:g} mm(Guzzetti 등 2008).</translation>
  </message>
  <message>
   <source>Shallow-landslide thresholds for this duration: {:g} mm (Guzzetti et al. 2008) and {:g} mm (Caine 1980).</source>
   <translation>이 지속기간의 표층 산사태 임계 강우량: {:g} mm(Guzzetti 등 2008), {:g} mm(Caine 1980).</translation>
  </message>
  <message>
   <source>Share [%]</source>
   <translation>비율 [%]</translation>
  </message>
  <message>
   <source>Share of channels dropped at random, only in the paper's network; if empty, 0.2.</source>
   <translation>무작위로 빼는 채널의 비율. 논문의 신경망에만 씁니다. 비우면 0.2.</translation>
  </message>
  <message>
   <source>Share of failed cells</source>
   <translation>파괴 셀 비율</translation>
  </message>
  <message>
   <source>Share of failed cells by scenario</source>
   <translation>시나리오별 파괴 셀 비율</translation>
  </message>
  <message>
   <source>Share of the rows in which a cell fails, 0 to 1. It is a probability only if the rows are equally likely draws.</source>
   <translation>셀이 파괴되는 행의 비율 (0~1). 행들이 같은 확률로 뽑힌 경우에만 확률입니다.</translation>
  </message>
  <message>
   <source>Share of the soil depth, 0 to 1: 0.3 is 30 %, 0 treats the depth as certain. Results are most sensitive to soil depth. A lognormal factor with a mean of 1 multiplies the whole raster, to a depth of 50 m at most. Monte Carlo then computes the hydrology of each draw.</source>
   <translation>토심에 대한 비율, 0~1: 0.3은 30 %이고, 0이면 토심을 확정값으로 봅니다. 결과는 토심에 가장 민감합니다. 평균이 1인 로그정규 계수를 래스터 전체에 곱하며, 토심은 최대 50 m입니다. 이때 몬테카를로는 추출마다 수문을 계산합니다.</translation>
  </message>
  <message>
   <source>Share of the {} scenarios in which a cell fails</source>
   <translation>시나리오 {}개 가운데 셀이 파괴되는 비율</translation>
  </message>
  <message>
   <source>Show on the map</source>
   <translation>지도에 표시</translation>
  </message>
  <message>
   <source>Silt loam</source>
   <translation>미사질 양토</translation>
  </message>
  <message>
   <source>Silty clay</source>
   <translation>미사질 식토</translation>
  </message>
  <message>
   <source>Silty clay loam</source>
   <translation>미사질 식양토</translation>
  </message>
  <message>
   <source>Simulate factor of safety (physics engine)</source>
   <translation>안전율 모의 (물리 엔진)</translation>
  </message>
  <message>
   <source>Simulate factor of safety...</source>
   <translation>안전율 모의...</translation>
  </message>
  <message>
   <source>Simulates a rainfall event with the physics engine: Green-Ampt infiltration, depth-averaged lateral groundwater flow and the infinite-slope factor of safety, the smaller of those at the wetting front and at bedrock. The network of &lt;i&gt;Predict failure mask&lt;/i&gt; was trained on this engine. Does not need PyTorch.</source>
   <translation>물리 엔진으로 강우 사상을 모의합니다: Green-Ampt 침투, 깊이 평균 측방 지하수 흐름, 무한사면의 안전율(습윤전선과 기반암 중 작은 값). &lt;i&gt;파괴 마스크 예측&lt;/i&gt;의 신경망은 이 엔진으로 학습했습니다. PyTorch가 필요 없습니다.</translation>
  </message>
  <message>
   <source>Size [cells]</source>
   <translation>크기 [셀]</translation>
  </message>
  <message>
   <source>Size and orientation of the sheet.</source>
   <translation>시트의 크기와 방향.</translation>
  </message>
  <message>
   <source>Slope and curvature: thin on ridges, deep in hollows</source>
   <translation>경사와 곡률: 능선은 얇고 골짜기는 깊음</translation>
  </message>
  <message>
   <source>Slope angle alone may rank the held-out landslides equally well: AUC {:.3f} against {:.3f} of the susceptibility; the difference, {:+.3f} ({:+.3f} to {:+.3f}), may be due to chance.</source>
   <translation>경사각만으로도 빼 둔 산사태를 같은 정도로 가려낼 수 있습니다: AUC {:.3f}, 취약성은 {:.3f}. 차이 {:+.3f}({:+.3f} ~ {:+.3f})는 우연일 수 있습니다.</translation>
  </message>
  <message>
   <source>Slope angle alone may rank the landslides equally well: the AUC of the map is higher by {:.3f} ({:+.3f} to {:+.3f}), which may be due to chance.</source>
   <translation>경사각만으로도 산사태를 그만큼 가려낼 수 있습니다: 지도의 AUC가 {:.3f}만큼 크지만({:+.3f} ~ {:+.3f}) 우연일 수 있습니다.</translation>
  </message>
  <message>
   <source>Slope angle alone ranks the held-out landslides equally well or better: AUC {:.3f} against {:.3f} of the susceptibility; the difference is {:+.3f} ({:+.3f} to {:+.3f}).</source>
   <translation>경사각만으로도 빼 둔 산사태를 같거나 더 잘 가려냅니다: AUC {:.3f}, 취약성은 {:.3f}. 차이는 {:+.3f}({:+.3f} ~ {:+.3f})입니다.</translation>
  </message>
  <message>
   <source>Slope angle alone ranks the landslides equally well or better: AUC {:.3f}, map {:.3f}.</source>
   <translation>경사각만으로도 산사태를 그만큼 또는 더 잘 가려냅니다: AUC {:.3f}, 지도는 {:.3f}.</translation>
  </message>
  <message>
   <source>Slope stability</source>
   <translation>사면 안정</translation>
  </message>
  <message>
   <source>Slope: thin where steep (Saulnier's s-model)</source>
   <translation>경사: 급한 곳이 얇음 (Saulnier s-모델)</translation>
  </message>
  <message>
   <source>Slopecast</source>
   <translation>Slopecast</translation>
  </message>
  <message>
   <source>Slopecast environment</source>
   <translation>Slopecast 실행 환경</translation>
  </message>
  <message>
   <source>Slopecast live</source>
   <translation>Slopecast 실시간</translation>
  </message>
  <message>
   <source>Slopecast {}, {}, {}.</source>
   <translation>Slopecast {}, {}, {}.</translation>
  </message>
  <message>
   <source>Slopecast: live panel</source>
   <translation>Slopecast: 실시간 패널</translation>
  </message>
  <message>
   <source>Slopecast: predict failure mask</source>
   <translation>Slopecast: 파괴 마스크 예측</translation>
  </message>
  <message>
   <source>Slopecast: predict failure mask...</source>
   <translation>Slopecast: 파괴 마스크 예측...</translation>
  </message>
  <message>
   <source>Smaller areas are removed; 0 keeps all.</source>
   <translation>이보다 작은 구역은 뺍니다. 0이면 모두 남깁니다.</translation>
  </message>
  <message>
   <source>Smallest area [m2]</source>
   <translation>가장 작은 면적 [m2]</translation>
  </message>
  <message>
   <source>Smoothing steps</source>
   <translation>다듬기 단계 수</translation>
  </message>
  <message>
   <source>Soil &amp;depth</source>
   <translation>토심(&amp;D)</translation>
  </message>
  <message>
   <source>Soil and rain</source>
   <translation>흙과 비</translation>
  </message>
  <message>
   <source>Soil class (USCS): friction angle</source>
   <translation>흙의 분류 (USCS): 내부마찰각</translation>
  </message>
  <message>
   <source>Soil depth</source>
   <translation>토심</translation>
  </message>
  <message>
   <source>Soil depth (SOIL_DEPTH)</source>
   <translation>토심 (SOIL_DEPTH)</translation>
  </message>
  <message>
   <source>Soil depth (synthetic)</source>
   <translation>토심 (합성)</translation>
  </message>
  <message>
   <source>Soil depth [m]</source>
   <translation>토심 [m]</translation>
  </message>
  <message>
   <source>Soil depth models</source>
   <translation>토심 모델</translation>
  </message>
  <message>
   <source>Soil depth of the sets</source>
   <translation>매개변수 조합의 토심</translation>
  </message>
  <message>
   <source>Soil depth of the sets: given, or method and bounds of the estimate</source>
   <translation>매개변수 조합의 토심: 입력된 토심(given) 또는 추정 방법과 범위</translation>
  </message>
  <message>
   <source>Soil depth of the sets: {}. Use it with the table of sets: it is the output CALIBRATED_SOIL_DEPTH.</source>
   <translation>매개변수 조합의 토심: {}. 조합의 표와 함께 사용하십시오. 출력은 CALIBRATED_SOIL_DEPTH입니다.</translation>
  </message>
  <message>
   <source>Soil depth: relative standard deviation</source>
   <translation>토심: 상대 표준편차</translation>
  </message>
  <message>
   <source>Soil depth: relative standard deviation (SOIL_DEPTH_SD)</source>
   <translation>토심: 상대 표준편차 (SOIL_DEPTH_SD)</translation>
  </message>
  <message>
   <source>Soil texture: conductivity and suction</source>
   <translation>토성: 투수계수와 흡입수두</translation>
  </message>
  <message>
   <source>Sol&amp;ver</source>
   <translation>해석기(&amp;V)</translation>
  </message>
  <message>
   <source>Solver</source>
   <translation>해석기</translation>
  </message>
  <message>
   <source>Solver and device used, and the reason if it is not the solver chosen</source>
   <translation>사용한 풀이와 장치, 그리고 선택한 풀이가 아니면 그 이유</translation>
  </message>
  <message>
   <source>Solver: {}</source>
   <translation>해석기: {}</translation>
  </message>
  <message>
   <source>Solver: {}.</source>
   <translation>풀이: {}.</translation>
  </message>
  <message>
   <source>Space-filling (space_filling): Sobol points over the training ranges of all parameters, with cohesion set so that failed shares of 0, below 0.5, 0.5-3, 3-10, 10-30 and above 30 % are equally frequent. As in the paper (paper): 388 scenarios at 4.4 and 5.2 mm/h around the threshold of failure and 225 with rain and conductivity varied; its grids, antecedent state and study area are assumed. Table (table): your rows.</source>
   <translation>공간 채움(space_filling): 모든 매개변수의 학습 범위에서 Sobol 점을 뽑고, 파괴 셀 비율 0, 0.5 미만, 0.5-3, 3-10, 10-30, 30 % 초과가 같은 빈도로 나오도록 점착력을 정합니다. 논문(paper): 파괴 한계 부근의 4.4와 5.2 mm/h 시나리오 388개, 비와 투수계수를 바꾼 225개. 논문의 격자, 선행 상태, 대상 지역은 가정한 것입니다. 표(table): 사용자의 행.</translation>
  </message>
  <message>
   <source>Space-filling, balanced by share of failed cells</source>
   <translation>공간 채움, 붕괴 셀 비율로 균형 조정</translation>
  </message>
  <message>
   <source>Spatial blocks</source>
   <translation>공간 블록</translation>
  </message>
  <message>
   <source>Specify only one of them.</source>
   <translation>하나만 지정하십시오.</translation>
  </message>
  <message>
   <source>Specify the DEM as well.</source>
   <translation>수치표고모델도 지정하십시오.</translation>
  </message>
  <message>
   <source>Split</source>
   <translation>나눈 집합</translation>
  </message>
  <message>
   <source>Split between the branches (SPLIT)</source>
   <translation>두 곡선의 경계 (SPLIT)</translation>
  </message>
  <message>
   <source>Split between the branches [min]</source>
   <translation>두 식의 경계 [분]</translation>
  </message>
  <message>
   <source>Spread: +/- 3 deg. The cohesion is not changed: it depends on more than the soil class.</source>
   <translation>퍼짐: +/- 3도. 점착력은 바꾸지 않습니다. 흙 분류만으로 정해지지 않습니다.</translation>
  </message>
  <message>
   <source>Spread: +/- 4 deg. The cohesion is not changed: it depends on more than the soil class.</source>
   <translation>퍼짐: +/- 4도. 점착력은 바꾸지 않습니다. 흙 분류만으로 정해지지 않습니다.</translation>
  </message>
  <message>
   <source>Spread: +/- 5 deg. The cohesion is not changed: it depends on more than the soil class.</source>
   <translation>퍼짐: +/- 5도. 점착력은 바꾸지 않습니다. 흙 분류만으로 정해지지 않습니다.</translation>
  </message>
  <message>
   <source>Spread: +/- 6 deg. The cohesion is not changed: it depends on more than the soil class.</source>
   <translation>퍼짐: +/- 6도. 점착력은 바꾸지 않습니다. 흙 분류만으로 정해지지 않습니다.</translation>
  </message>
  <message>
   <source>Stability class</source>
   <translation>안정 등급</translation>
  </message>
  <message>
   <source>Stable cells by block</source>
   <translation>블록별 안정 셀</translation>
  </message>
  <message>
   <source>Stable cells compared</source>
   <translation>비교한 안정 셀</translation>
  </message>
  <message>
   <source>Stable cells: correct rejections</source>
   <translation>안정 셀: 바른 기각</translation>
  </message>
  <message>
   <source>Stable cells: false alarms</source>
   <translation>안정 셀: 오경보</translation>
  </message>
  <message>
   <source>Stable points</source>
   <translation>안정 지점</translation>
  </message>
  <message>
   <source>Standard deviation of cohesion by zone, for the failure probability.</source>
   <translation>구역별 점착력의 표준편차. 파괴 확률에 씁니다.</translation>
  </message>
  <message>
   <source>Standard deviation of friction angle by zone, for the failure probability.</source>
   <translation>구역별 내부마찰각의 표준편차. 파괴 확률에 씁니다.</translation>
  </message>
  <message>
   <source>Standard deviation of initial water table / soil depth by zone, for the failure probability.</source>
   <translation>구역별 초기 지하수위 / 토심의 표준편차. 파괴 확률에 씁니다.</translation>
  </message>
  <message>
   <source>Standard deviation of lateral anisotropy K_lat / K_s by zone, for the failure probability.</source>
   <translation>구역별 측방 이방성 K_lat / K_s의 표준편차. 파괴 확률에 씁니다.</translation>
  </message>
  <message>
   <source>Standard deviation of moist unit weight by zone, for the failure probability.</source>
   <translation>구역별 습윤단위중량의 표준편차. 파괴 확률에 씁니다.</translation>
  </message>
  <message>
   <source>Standard deviation of moisture deficit by zone, for the failure probability.</source>
   <translation>구역별 수분 부족량의 표준편차. 파괴 확률에 씁니다.</translation>
  </message>
  <message>
   <source>Standard deviation of rainfall intensity by zone, for the failure probability.</source>
   <translation>구역별 강우강도의 표준편차. 파괴 확률에 씁니다.</translation>
  </message>
  <message>
   <source>Standard deviation of root cohesion by zone, for the failure probability.</source>
   <translation>구역별 뿌리 점착력의 표준편차. 파괴 확률에 씁니다.</translation>
  </message>
  <message>
   <source>Standard deviation of root depth by zone, for the failure probability.</source>
   <translation>구역별 뿌리 깊이의 표준편차. 파괴 확률에 씁니다.</translation>
  </message>
  <message>
   <source>Standard deviation of saturated hydraulic conductivity by zone, for the failure probability.</source>
   <translation>구역별 포화 투수계수의 표준편차. 파괴 확률에 씁니다.</translation>
  </message>
  <message>
   <source>Standard deviation of saturated unit weight by zone, for the failure probability.</source>
   <translation>구역별 포화단위중량의 표준편차. 파괴 확률에 씁니다.</translation>
  </message>
  <message>
   <source>Standard deviation of suction head at the wetting front by zone, for the failure probability.</source>
   <translation>구역별 습윤전선 흡입수두의 표준편차. 파괴 확률에 씁니다.</translation>
  </message>
  <message>
   <source>Standard deviation of surcharge by zone, for the failure probability.</source>
   <translation>구역별 상재하중의 표준편차. 파괴 확률에 씁니다.</translation>
  </message>
  <message>
   <source>Standard deviation of the number or raster above, in its unit; 0 treats it as certain.</source>
   <translation>위의 숫자나 래스터 값의 표준편차. 같은 단위이며 0은 확실한 값으로 봅니다.</translation>
  </message>
  <message>
   <source>Standard deviation of {} ({}_SD)</source>
   <translation>{}의 표준편차 ({}_SD)</translation>
  </message>
  <message>
   <source>Standard deviations are not used with a table of scenarios: {}. The probability does not include this uncertainty.</source>
   <translation>시나리오 표를 사용하면 표준편차는 사용하지 않습니다: {}. 확률에 이 불확실성이 포함되지 않습니다.</translation>
  </message>
  <message>
   <source>Standard error of a probability: at most {:.3f}, at 0.5. A cell with 0 or 1 failed in none or all of the draws: its probability may differ from that by up to {:.3f} (95 % confidence).</source>
   <translation>확률의 표준오차: 최대 {:.3f} (0.5에서). 0 또는 1인 셀은 어느 표본에서도 파괴되지 않았거나 모든 표본에서 파괴된 셀이며, 실제 확률은 그 값과 최대 {:.3f} 다를 수 있습니다(95 % 신뢰도).</translation>
  </message>
  <message>
   <source>Start some: dask worker {} --nworkers auto --nthreads 1</source>
   <translation>작업자를 시작하십시오: dask worker {} --nworkers auto --nthreads 1</translation>
  </message>
  <message>
   <source>Steady recharge that produced the initial water table, accumulated along the flow paths. With 0 the ratio of water table to soil depth is used instead.</source>
   <translation>초기 지하수위를 만든 정상 함양량. 흐름 경로를 따라 모읍니다. 0이면 대신 지하수위와 토심의 비를 씁니다.</translation>
  </message>
  <message>
   <source>Stop</source>
   <translation>중지</translation>
  </message>
  <message>
   <source>Stopped by the user; no results were written.</source>
   <translation>사용자가 중단했습니다. 결과를 쓰지 않았습니다.</translation>
  </message>
  <message>
   <source>Stopping...</source>
   <translation>멈추는 중...</translation>
  </message>
  <message>
   <source>Strength factor applied to the parameter sets, mean</source>
   <translation>매개변수 조합의 강도에 적용한 계수의 평균</translation>
  </message>
  <message>
   <source>Strength factor, mean of the sets</source>
   <translation>강도 계수(조합의 평균)</translation>
  </message>
  <message>
   <source>Study area</source>
   <translation>연구 지역</translation>
  </message>
  <message>
   <source>Subset of the split that is evaluated.</source>
   <translation>분할에서 평가할 부분집합.</translation>
  </message>
  <message>
   <source>Success-rate curves and their areas</source>
   <translation>성공률 곡선과 면적</translation>
  </message>
  <message>
   <source>Success-rate curves, held out, and their areas</source>
   <translation>교차 검증 성공률 곡선과 면적</translation>
  </message>
  <message>
   <source>Suction head at the wetting front</source>
   <translation>습윤전선 흡입수두</translation>
  </message>
  <message>
   <source>Suction head at the wetting front: distribution</source>
   <translation>습윤전선 흡입수두: 분포</translation>
  </message>
  <message>
   <source>Suction head at the wetting front: standard deviation</source>
   <translation>습윤전선 흡입수두: 표준편차</translation>
  </message>
  <message>
   <source>Suction head before the rain, psi_0; it adds strength at the bedrock where there is no water table. With 0, strength from suction is ignored.</source>
   <translation>비가 내리기 전의 흡입수두 psi_0. 지하수위가 없는 곳에서 기반암면의 강도를 높입니다. 0이면 흡입력에 의한 강도를 무시합니다.</translation>
  </message>
  <message>
   <source>Summarize a map by zones or features</source>
   <translation>구역 또는 객체별 지도 요약</translation>
  </message>
  <message>
   <source>Summarizes a failure mask, a probability, a factor of safety or classes within each polygon of a layer (slope units, catchments, buildings), or near each line or point (roads), in whole cells: failed cells, their share of the valid cells and their area, the mean, minimum and maximum value, and a hazard class with specified limits. The share of valid cells of each feature is also given. Overlapping features are counted independently. The output layer keeps geometries and attributes; its coordinate system may differ from that of the map. The counts show where cells fail, not what a landslide would reach.</source>
   <translation>파괴 마스크, 확률, 안전율, 분류 지도를 레이어의 폴리곤(사면 단위, 유역, 건물) 안이나 라인·포인트(도로) 가까이에서 셀 단위로 요약합니다: 파괴 셀 수, 유효 셀에 대한 비율과 면적, 평균, 최솟값, 최댓값, 그리고 지정한 경계값에 따른 위험 등급. 객체마다 유효 셀의 비율도 함께 냅니다. 겹치는 객체는 서로 독립적으로 셉니다. 출력 레이어는 도형과 속성을 유지하며, 좌표계가 지도와 달라도 됩니다. 이 수는 셀이 파괴되는 곳을 나타낼 뿐 산사태가 미치는 범위를 나타내지 않습니다.</translation>
  </message>
  <message>
   <source>Summary</source>
   <translation>요약</translation>
  </message>
  <message>
   <source>Surcharge</source>
   <translation>상재하중</translation>
  </message>
  <message>
   <source>Surcharge: distribution</source>
   <translation>상재하중: 분포</translation>
  </message>
  <message>
   <source>Surcharge: standard deviation</source>
   <translation>상재하중: 표준편차</translation>
  </message>
  <message>
   <source>Susceptibility</source>
   <translation>취약성</translation>
  </message>
  <message>
   <source>Susceptibility over the hillshade</source>
   <translation>음영기복 위의 취약성</translation>
  </message>
  <message>
   <source>Swap the two depths, or raise the maximum depth.</source>
   <translation>두 깊이를 맞바꾸거나 최대 깊이를 키우십시오.</translation>
  </message>
  <message>
   <source>Swap the two limits, or raise the maximum.</source>
   <translation>두 한계값을 맞바꾸거나 최댓값을 키우십시오.</translation>
  </message>
  <message>
   <source>Synthetic study area generated from a seed; its coordinates and coordinate system are arbitrary.</source>
   <translation>시드로 만든 합성 연구 지역입니다. 좌표와 좌표계는 임의입니다.</translation>
  </message>
  <message>
   <source>System</source>
   <translation>시스템</translation>
  </message>
  <message>
   <source>TRIGRS</source>
   <translation>TRIGRS</translation>
  </message>
  <message>
   <source>Table of scenarios</source>
   <translation>시나리오 표</translation>
  </message>
  <message>
   <source>Table of scenarios in place of draws</source>
   <translation>추출 대신 쓸 시나리오 표</translation>
  </message>
  <message>
   <source>Table with the columns method (of Estimate soil depth) and auc: how well the factor of safety of the soil column ranks the landslides with each estimated depth. Bounds and other parameters have their defaults. The table is also in the report.</source>
   <translation>method('토심 추정'의 방법)와 auc 열이 있는 표: 추정한 각 토심을 쓸 때 토층 기둥의 안전율이 산사태를 얼마나 잘 가려내는지 나타냅니다. 상한·하한과 다른 매개변수는 기본값입니다. 이 표는 보고서에도 있습니다.</translation>
  </message>
  <message>
   <source>TensorBoard's log is not written ({}: {}).</source>
   <translation>TensorBoard 기록을 쓰지 못했습니다 ({}: {}).</translation>
  </message>
  <message>
   <source>Terrain attribute that controls the soil depth.</source>
   <translation>토심을 좌우하는 지형 속성.</translation>
  </message>
  <message>
   <source>Terrain: elevation {:.0f} to {:.0f} m, median slope {:.0f} deg, median soil depth {:.2g} m (5th to 95th percentile {:.2g} to {:.2g} m).</source>
   <translation>지형: 표고 {:.0f} ~ {:.0f} m, 경사 중앙값 {:.0f}도, 토심 중앙값 {:.2g} m(5 ~ 95번째 백분위수 {:.2g} ~ {:.2g} m).</translation>
  </message>
  <message>
   <source>Test scenario on {}</source>
   <translation>{}의 시험 시나리오</translation>
  </message>
  <message>
   <source>Test: cases not used in training</source>
   <translation>시험: 학습에 쓰지 않은 사례</translation>
  </message>
  <message>
   <source>The AUC of the map is {:.3f}, below 0.5: it rates landslide cells as more stable than stable cells.</source>
   <translation>지도의 AUC가 {:.3f}(으)로 0.5보다 작습니다. 산사태 셀을 안정 셀보다 더 안정한 것으로 평가합니다.</translation>
  </message>
  <message>
   <source>The AUC of the map, {:.3f} ({:.3f} to {:.3f}), does not differ significantly from chance (0.5).</source>
   <translation>지도의 AUC {:.3f}({:.3f} ~ {:.3f})는 우연(0.5)과 유의한 차이가 없습니다.</translation>
  </message>
  <message>
   <source>The AUC of {} is {:.3f}, below 0.5: it rates landslide cells as more stable than stable cells.</source>
   <translation>{}의 AUC가 {:.3f}(으)로 0.5보다 작습니다. 산사태 셀을 안정 셀보다 더 안정한 것으로 평가합니다.</translation>
  </message>
  <message>
   <source>The DEM has no coordinate system; {} is assumed to use the same one.</source>
   <translation>수치표고모델에 좌표계가 없어 {}도 같은 좌표계를 쓴다고 가정합니다.</translation>
  </message>
  <message>
   <source>The DEM has patches of exactly equal elevation with steps to the ground around them, as where missing elevations were filled with a constant ({:,} cells; the largest patch is at x = {:.0f}, y = {:.0f} and {}). Slopes in them and at their borders are false. Make them NoData, or interpolate them (Raster &gt; Analysis &gt; Fill NoData).</source>
   <translation>DEM에 표고가 정확히 같고 주변 지면과 단차가 있는 구역이 있습니다. 누락된 표고를 상수로 채운 것으로 보입니다({:,}개 셀, 가장 큰 구역의 위치 x = {:.0f}, y = {:.0f}, 표고 {}). 그 안과 경계의 경사는 실제가 아닙니다. 이 구역을 NoData로 지정하거나 보간하십시오(래스터 &gt; 분석 &gt; NoData 채우기).</translation>
  </message>
  <message>
   <source>The DEM is full of gaps: of {:.0f} % of the pairs of neighbouring cells, one is missing. Slopes at gaps are less certain, and groundwater does not flow across them. Fill them first (Raster &gt; Analysis &gt; Fill NoData).</source>
   <translation>DEM에 빈 셀이 많습니다. 이웃한 셀 쌍의 {:.0f} %에서 한쪽이 없습니다. 빈 곳의 경사는 덜 정확하고 지하수가 그곳을 지나 흐르지 않습니다. 먼저 채우십시오(래스터 &gt; 분석 &gt; NoData 채우기).</translation>
  </message>
  <message>
   <source>The DEM is not used: the paper's design has its own study area.</source>
   <translation>DEM을 쓰지 않습니다. 논문 설계에는 자체 대상 지역이 있습니다.</translation>
  </message>
  <message>
   <source>The GPU ran out of memory: the CPU is used from here on.</source>
   <translation>GPU 메모리가 모자라 이제부터 CPU를 씁니다.</translation>
  </message>
  <message>
   <source>The GPU ran out of memory: tiles of {} cells are tried.</source>
   <translation>GPU 메모리가 모자라 {}셀 타일로 다시 해 봅니다.</translation>
  </message>
  <message>
   <source>The GPU ran out of memory: {} scenarios at once are tried.</source>
   <translation>GPU 메모리가 부족합니다. 시나리오를 한 번에 {}개씩 계산해 봅니다.</translation>
  </message>
  <message>
   <source>The IoU of the soil column is {:g} or more in all cases: lateral flow is weak here, and the closed form is nearly sufficient.</source>
   <translation>모든 사례에서 흙기둥의 IoU가 {:g} 이상입니다. 이곳의 측방 흐름은 약하여 닫힌 식으로 거의 충분합니다.</translation>
  </message>
  <message>
   <source>The ROC curve shows, for every threshold, the share of the landslide cells mapped as failed (hit rate) against the share of the stable cells mapped as failed (false-alarm rate). The area under it (AUC) is the probability that a landslide cell is rated less stable than a stable cell: 0.5 is chance, 1 is perfect. All rates and areas count cells: a large landslide weighs more than a small one. The success-rate curve shows the share of the landslide cells within the least stable part of the whole area. Cells of equal value enter both curves together. The best threshold maximizes hit rate minus false-alarm rate; because it is chosen on these landslides, its rates are too optimistic for other landslides.</source>
   <translation>ROC 곡선은 각 임계값에서 파괴로 나타난 산사태 셀의 비율(적중률)을 파괴로 나타난 안정 셀의 비율(오경보율)에 대해 보여 줍니다. 곡선 아래 면적(AUC)은 산사태 셀이 안정 셀보다 불안정하게 평가될 확률로, 0.5는 우연, 1은 완전입니다. 모든 비율과 면적은 셀을 셉니다. 따라서 큰 산사태는 작은 산사태보다 비중이 큽니다. 성공률 곡선은 전체 지역에서 가장 불안정한 부분에 든 산사태 셀의 비율을 보여 줍니다. 값이 같은 셀은 두 곡선에 함께 들어갑니다. 최적 임계값은 적중률에서 오경보율을 뺀 값을 최대로 합니다. 이 산사태로 선택한 값이므로 그 비율은 다른 산사태에 대해서는 지나치게 낙관적입니다.</translation>
  </message>
  <message>
   <source>The U-Net corrects the water table of a first guess. The paper's network predicts the mask from six channels and is valid only in the study area on which it was trained.</source>
   <translation>U-Net은 첫 추정의 지하수위를 보정합니다. 논문의 신경망은 여섯 채널로 마스크를 예측하며, 학습한 대상 지역에서만 유효합니다.</translation>
  </message>
  <message>
   <source>The U-Net ran on {}: {} scenarios in tiles of up to {} cells per side ({} tiles, {} scenarios at a time), after first guesses with {} steps. It changed the water table by more than 1 mm in {:,} cells.</source>
   <translation>U-Net을 실행한 장치는 {}입니다: 시나리오 {}개, 한 변이 최대 {}셀인 타일(타일 {}개, 한 번에 시나리오 {}개), 초기 추정의 단계 수 {}. 지하수위가 1 mm 넘게 바뀐 셀은 {:,}개입니다.</translation>
  </message>
  <message>
   <source>The algorithm does not accept these inputs and gives no reason; see the log.</source>
   <translation>알고리즘이 이유를 밝히지 않고 이 입력을 받아들이지 않습니다. 로그를 보십시오.</translation>
  </message>
  <message>
   <source>The algorithm failed without a message; see the log.</source>
   <translation>알고리즘이 메시지 없이 실패했습니다. 로그를 보십시오.</translation>
  </message>
  <message>
   <source>The algorithm {} is not available. Is the Slopecast provider switched on in the Processing options?</source>
   <translation>알고리즘 {}을(를) 쓸 수 없습니다. 공간 처리 옵션에서 Slopecast 제공자가 켜져 있습니까?</translation>
  </message>
  <message>
   <source>The calibration failed: the held-out AUC of {:.3f} ({:.3f} to {:.3f}) does not differ significantly from chance (0.5). Do not use these maps.</source>
   <translation>보정에 실패했습니다: 교차 검증 AUC {:.3f}({:.3f} ~ {:.3f})가 우연(0.5)과 유의한 차이가 없습니다. 이 지도들을 쓰지 마십시오.</translation>
  </message>
  <message>
   <source>The cells of the DEM measure {:g} m: slopes along such distances are gentler than those of hillsides, and slopes that fail are shown as stable. Use a DEM with cells of 30 m or less, better 10 m.</source>
   <translation>DEM의 셀 크기가 {:g} m입니다. 이러한 거리에서 구한 경사는 실제 사면보다 완만하여, 파괴되는 사면이 안정한 것으로 표시됩니다. 셀 크기가 30 m 이하, 가능하면 10 m인 DEM을 사용하십시오.</translation>
  </message>
  <message>
   <source>The cells of the DEM measure {:g} m: slopes are those of furrows, stones and plants, and slip surfaces are longer than a cell. Resample the DEM to cells of 1 m or more by averaging.</source>
   <translation>DEM의 셀 크기가 {:g} m입니다. 경사는 고랑, 돌, 식생의 경사이며 활동면은 셀보다 깁니다. DEM을 평균하여 1 m 이상의 셀로 다시 표본화하십시오.</translation>
  </message>
  <message>
   <source>The cells whose centres are within this distance belong to a line or point, at least one; above 0, at most 100,000. Polygons are used as they are.</source>
   <translation>라인이나 포인트에는 중심이 이 거리 안에 있는 셀이 속하며 적어도 셀 하나가 속합니다. 0 초과, 100,000 이하. 폴리곤은 그대로 씁니다.</translation>
  </message>
  <message>
   <source>The coefficients are those of Seoul: elsewhere, enter those of your region.</source>
   <translation>계수는 서울의 값입니다. 다른 지역에서는 해당 지역의 계수를 입력하십시오.</translation>
  </message>
  <message>
   <source>The coefficients for {:g} min are those of Seoul, and those of the other branch are not: enter the coefficients of your region for both branches.</source>
   <translation>{:g}분의 계수는 서울의 것이고 다른 식의 계수는 그렇지 않습니다. 두 식 모두에 해당 지역의 계수를 입력하십시오.</translation>
  </message>
  <message>
   <source>The cohesion could not be computed ({}: {}).</source>
   <translation>점착력을 계산하지 못했습니다 ({}: {}).</translation>
  </message>
  <message>
   <source>The compiled code (numba) cannot be used, so the run is slower: {}. Correct or delete the environment variable NUMBA_THREADING_LAYER.</source>
   <translation>컴파일된 코드(numba)를 사용할 수 없어 실행이 느려집니다: {}. 환경 변수 NUMBA_THREADING_LAYER를 고치거나 삭제하십시오.</translation>
  </message>
  <message>
   <source>The critical rainfall is that of each cell at the end of the event, without lateral flow: it may differ from the mask where water flows from cell to cell or earlier hours count.</source>
   <translation>한계 강우는 측방 흐름을 제외하고 강우 사상이 끝날 때 각 셀에서 계산한 값입니다. 물이 셀 사이로 흐르거나 이전 시간이 영향을 주는 곳에서는 마스크와 다를 수 있습니다.</translation>
  </message>
  <message>
   <source>The data set has no validation cases: the accuracy of the network cannot be measured.</source>
   <translation>학습 자료에 검증 사례가 없어 신경망의 정확도를 잴 수 없습니다.</translation>
  </message>
  <message>
   <source>The data set is complete: {}.</source>
   <translation>데이터 세트가 완성되었습니다: {}.</translation>
  </message>
  <message>
   <source>The device '{}' gives wrong results for a stored test scenario ({}). It is not used: the CPU computes in single precision instead.</source>
   <translation>장치 '{}'이(가) 저장된 시험 시나리오에서 틀린 결과를 냅니다({}). 이 장치를 쓰지 않고 CPU가 단정밀도로 계산합니다.</translation>
  </message>
  <message>
   <source>The distance of {:g} m is less than half the cell diagonal, {:.3g} m: cells crossed by a line are not counted if their centres are farther from it.</source>
   <translation>거리 {:g} m가 셀 대각선의 절반 {:.3g} m보다 작습니다. 라인이 지나더라도 중심이 라인에서 이 거리보다 멀리 있는 셀은 세지 않습니다.</translation>
  </message>
  <message>
   <source>The duration of the rain is not changed.</source>
   <translation>비의 지속시간은 바꾸지 않습니다.</translation>
  </message>
  <message>
   <source>The elevation '{}' does not overlap the result: the sheet shows no hillshade.</source>
   <translation>표고 '{}'이(가) 결과와 겹치지 않습니다. 도면에 음영기복이 표시되지 않습니다.</translation>
  </message>
  <message>
   <source>The elevations of the DEM are multiples of {}: with cells of {} the ground forms terraces, and slopes are known to {:.0f} deg only. Use a DEM with finer heights, or average it to wider cells.</source>
   <translation>DEM의 표고가 {}의 배수입니다. 셀 크기 {}에서는 지면이 계단 모양이 되고 경사는 {:.0f}도 단위로만 알 수 있습니다. 표고가 더 세밀한 DEM을 사용하거나 더 큰 셀로 평균하십시오.</translation>
  </message>
  <message>
   <source>The elevations of the DEM change by {} along a straight line from {} to {}, as between tiles with different vertical offsets (such lines in all: {}). Slopes and failed cells along it are false. Adjust the tiles to one another before they are merged, or use a DEM from one source.</source>
   <translation>DEM의 표고가 {1}에서 {2}까지의 직선을 따라 {0}만큼 달라집니다. 수직 오프셋이 서로 다른 타일의 경계로 보입니다(이런 선의 총수: {3}). 이 선을 따라 나타나는 경사와 파괴 셀은 실제가 아닙니다. 타일을 병합하기 전에 서로 맞추거나 한 출처의 DEM을 사용하십시오.</translation>
  </message>
  <message>
   <source>The elevations of the DEM range from exactly {:g} to exactly {:g}, as values that were rescaled for display do: are they heights in metres? Use the original elevation model.</source>
   <translation>DEM의 표고가 정확히 {:g}에서 정확히 {:g}까지로, 화면 표시용으로 값의 범위를 다시 조정한 자료와 같습니다. 미터 단위의 높이입니까? 원본 표고 모델을 사용하십시오.</translation>
  </message>
  <message>
   <source>The elevations of the DEM rise and fall from cell to cell as ground rarely does: is the layer a slope, aspect or hillshade map, or noisy? The DEM must contain elevations of the bare ground in metres.</source>
   <translation>수치표고모델의 표고가 실제 지면에서는 드물게 셀마다 오르내립니다. 경사, 사면 방향, 음영기복 지도이거나 잡음이 많은 자료입니까? 수치표고모델에는 맨땅의 표고가 미터 단위로 들어 있어야 합니다.</translation>
  </message>
  <message>
   <source>The end of the event</source>
   <translation>강우 사상이 끝난 때</translation>
  </message>
  <message>
   <source>The exact scheme computes lateral flow at full resolution throughout the event. The fast scheme takes longer steps, 24 to 384 that depend on the strength of the flow, and where flow is strong it computes the early hours on coarser grids: it is 1.5 to 3 times as fast. The masks of the two schemes agree with an IoU of 0.998 on average and never below 0.96 in 52 scenarios over the training ranges. Failure time, series and the minimum over the event are computed by the exact scheme.</source>
   <translation>정확(exact)은 강우 사상 전체의 측방 흐름을 원래 해상도로 계산합니다. 빠름(fast)은 흐름의 세기에 따라 24~384개의 더 긴 시간 단계를 쓰고, 흐름이 강하면 처음의 시간은 더 큰 격자에서 계산합니다. 1.5~3배 빠릅니다. 학습 범위에 걸친 52개 시나리오에서 두 방식의 마스크 사이 IoU는 평균 0.998, 최소 0.96입니다. 파괴 시각, 시계열, 사상 중 최솟값은 정확 방식으로 계산합니다.</translation>
  </message>
  <message>
   <source>The example data are loaded, soil and rainfall are filled in: press Run.</source>
   <translation>예제 자료를 불러왔고 토양과 강우 값이 채워져 있습니다. 실행을 누르십시오.</translation>
  </message>
  <message>
   <source>The factor of safety increases with slope: its median is {:.2f} in the steepest 10 % of the cells and {:.2f} at about {:.0f} deg (rank correlation {:.2f} above 10 deg). Is the soil too thin on steep slopes? Compare depth models, or use a measured soil depth.</source>
   <translation>안전율이 경사와 함께 커집니다: 중앙값이 가장 가파른 셀 10 %에서 {:.2f}, 비교한 셀에서 {:.2f}(경사 약 {:.0f}도)입니다(10도 초과에서 순위 상관계수 {:.2f}). 가파른 사면의 흙이 너무 얇습니까? 토심 모델을 비교하거나 실측 토심을 쓰십시오.</translation>
  </message>
  <message>
   <source>The fast scheme cannot compute {}: the exact scheme (SCHEME 0) is used instead.</source>
   <translation>빠름 방식으로는 {}을(를) 계산할 수 없어 정확 방식(SCHEME 0)을 씁니다.</translation>
  </message>
  <message>
   <source>The features with valid_cells, failed_cells, failed_share (failed over valid cells, 0 to 1), failed_area_m2 (failed cells times the area of a cell), valid_share (valid cells over all cells of the feature, those beyond the map included), mean, minimum and maximum of the map's values, hazard_class and hazard_range (its limits). Share, area, values and class are NULL where no cell is valid: whether anything fails there is unknown.</source>
   <translation>객체에 valid_cells(유효 셀 수), failed_cells(파괴 셀 수), failed_share(유효 셀에 대한 파괴 셀의 비율, 0~1), failed_area_m2(파괴 셀 수에 셀 면적을 곱한 값), valid_share(지도 밖의 셀까지 포함한 객체의 모든 셀에 대한 유효 셀의 비율), 지도 값의 mean(평균), minimum(최솟값), maximum(최댓값), hazard_class(위험 등급), hazard_range(등급의 경계값)를 더한 레이어. 유효 셀이 없으면 파괴 여부를 알 수 없으므로 비율, 면적, 값, 등급이 NULL입니다.</translation>
  </message>
  <message>
   <source>The file may be damaged: copy it again.</source>
   <translation>파일이 손상되었을 수 있습니다. 다시 복사하십시오.</translation>
  </message>
  <message>
   <source>The file may be damaged: copy or export it again.</source>
   <translation>파일이 손상되었을 수 있습니다: 다시 복사하거나 내보내십시오.</translation>
  </message>
  <message>
   <source>The file system of '{}' has no locks: make sure that no other run writes there. Hidden folders .slopecast.* of runs that were ended are not removed there.</source>
   <translation>'{}'의 파일 시스템에는 잠금 기능이 없습니다. 다른 실행이 그곳에 쓰지 않는지 확인하십시오. 끝난 실행의 숨은 폴더 .slopecast.*는 그곳에서 제거되지 않습니다.</translation>
  </message>
  <message>
   <source>The findings; the log contains the same text.</source>
   <translation>점검 결과. 로그에도 같은 내용이 있습니다.</translation>
  </message>
  <message>
   <source>The hyetograph replaces RAINFALL and DURATION.</source>
   <translation>우량주상도가 RAINFALL과 DURATION을 대신합니다.</translation>
  </message>
  <message>
   <source>The intensity-duration curve has two branches with a jump at 360 minutes: the intensity drops there by about a sixth. For durations of 300 to 420 minutes compare the results on both sides of the jump.</source>
   <translation>강우강도-지속시간 곡선은 360분에서 끊어지는 두 식으로 되어 있으며, 그곳에서 강우강도가 약 6분의 1 낮아집니다. 지속시간이 300~420분이면 끊어진 곳 양쪽의 결과를 비교하십시오.</translation>
  </message>
  <message>
   <source>The intervals are 95 % bootstrap intervals from 1000 resamples, which draw whole landslides with all their cells. The difference from slope uses the same resamples. Of more than 100 000 stable cells, intervals and displacement use a random sample of so many: the AUC at the mapped position may then differ from the one above in the third decimal.</source>
   <translation>구간은 1000번 재추출한 95 % 부트스트랩 구간이며, 산사태를 그 모든 셀과 함께 통째로 뽑습니다. 경사와의 차이에도 같은 재추출을 씁니다. 안정 셀이 100 000개를 넘으면 구간과 위치 이동 검사에는 그만큼의 무작위 표본을 씁니다. 이때 조사된 위치의 AUC는 위의 AUC와 소수 셋째 자리에서 다를 수 있습니다.</translation>
  </message>
  <message>
   <source>The landslides are shifted over the map; a displaced inventory has its highest AUC at another position.</source>
   <translation>산사태를 지도 위에서 옮겨 봅니다. 위치가 어긋난 목록은 다른 자리에서 AUC가 가장 높습니다.</translation>
  </message>
  <message>
   <source>The landslides may be displaced: shifted {:g} m north and {:g} m east, the AUC of {} is {:.3f} instead of {:.3f}. Check the coordinate systems and the mapping.</source>
   <translation>산사태의 위치가 어긋났을 수 있습니다. 북쪽으로 {:g} m, 동쪽으로 {:g} m 옮기면 {}의 AUC가 {:.3f}입니다(현재 위치에서는 {:.3f}). 좌표계와 조사 위치를 확인하십시오.</translation>
  </message>
  <message>
   <source>The layer '{}' is an earlier result that will not update. &lt;a href='hide'&gt;Hide it&lt;/a&gt;</source>
   <translation>레이어 '{}'은(는) 갱신되지 않는 이전 결과입니다. &lt;a href='hide'&gt;숨기기&lt;/a&gt;</translation>
  </message>
  <message>
   <source>The layer has fields of these names already; the new counts are in: {}.</source>
   <translation>레이어에 이런 이름의 필드가 이미 있습니다. 새로 센 값이 든 필드: {}.</translation>
  </message>
  <message>
   <source>The layer has no provenance metadata: the sheet does not state how it was made.</source>
   <translation>레이어에 생성 이력이 없어 시트에 만든 과정을 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>The layer's file is missing or damaged.</source>
   <translation>레이어의 파일이 없거나 손상되었습니다.</translation>
  </message>
  <message>
   <source>The lowest cohesion at which this share of the cells has FS &gt;= 1 under initial conditions, with all other inputs as in the form. It is valid only if the slopes are stable in nature before the event.</source>
   <translation>초기 조건에서 이 비율의 셀이 FS &gt;= 1이 되는 가장 작은 점착력. 나머지는 입력 양식의 값을 씁니다. 사면이 강우 전에 실제로 안정한 곳에서 맞습니다.</translation>
  </message>
  <message>
   <source>The map agrees with the landslides in every evaluated cell. Was one of them made from the other?</source>
   <translation>평가한 모든 셀에서 지도가 산사태와 일치합니다. 하나를 다른 하나로부터 만들었습니까?</translation>
  </message>
  <message>
   <source>The map is read as: {}.</source>
   <translation>지도를 다음으로 읽습니다: {}.</translation>
  </message>
  <message>
   <source>The map shows where network and engine agree; other results are switched off.</source>
   <translation>지도는 신경망과 엔진이 일치하는 곳을 보여 줍니다. 다른 결과는 꺼 두었습니다.</translation>
  </message>
  <message>
   <source>The map was made by '{}' or from its parameter sets. If it was calibrated to these landslides, the scores are too high: use the held-out scores of its report.</source>
   <translation>이 지도는 '{}' 또는 그 매개변수 조합으로 만들었습니다. 이 산사태로 보정한 것이라면 점수가 너무 높습니다. 보고서의 검증용 점수를 사용하십시오.</translation>
  </message>
  <message>
   <source>The mask was written but cannot be opened: {}</source>
   <translation>마스크를 썼지만 열 수 없습니다: {}</translation>
  </message>
  <message>
   <source>The minimum over the event</source>
   <translation>사상 중 최솟값</translation>
  </message>
  <message>
   <source>The name '{}' states other numbers than the layer's file, which was written anew since: rename it.</source>
   <translation>이름 '{}'의 수치가 레이어 파일의 수치와 다릅니다. 파일이 그 후 새로 작성되었습니다. 레이어 이름을 바꾸십시오.</translation>
  </message>
  <message>
   <source>The network needs PyTorch and safetensors. {} {} The physics engine runs without them.</source>
   <translation>신경망에는 PyTorch와 safetensors가 필요합니다. {} {} 물리 엔진은 이것들 없이도 실행됩니다.</translation>
  </message>
  <message>
   <source>The network was trained on a data set of this description. If it is this one, it has seen cases that are evaluated here, and its scores are too high: evaluate the test cases.</source>
   <translation>이 신경망은 설명이 같은 데이터 세트로 학습했습니다. 이 데이터 세트라면 여기서 평가하는 사례를 이미 학습했으므로 점수가 지나치게 높습니다. 시험 사례를 평가하십시오.</translation>
  </message>
  <message>
   <source>The network was trained on {}.</source>
   <translation>신경망의 학습 범위는 {}입니다.</translation>
  </message>
  <message>
   <source>The output folder {} does not exist; it will be created.</source>
   <translation>출력 폴더 {}이(가) 없어 새로 만듭니다.</translation>
  </message>
  <message>
   <source>The paper's figures were obtained with another simulator in another study area: they show what its network achieved there, not the quality of either program's physics.</source>
   <translation>논문의 수치는 다른 대상 지역에서 다른 모의 프로그램으로 얻은 것입니다. 그 신경망이 그곳에서 이룬 결과이며, 어느 프로그램의 물리가 더 나은지를 보여 주지 않습니다.</translation>
  </message>
  <message>
   <source>The physics engine does not use network weights: {} (MODEL) is ignored.</source>
   <translation>물리 엔진은 신경망 가중치를 쓰지 않습니다: {}(MODEL)은(는) 무시합니다.</translation>
  </message>
  <message>
   <source>The physics engine is used instead of the network: {}</source>
   <translation>신경망 대신 물리 엔진을 씁니다: {}</translation>
  </message>
  <message>
   <source>The physics engine is used instead of the network: {} To run the network: {}</source>
   <translation>신경망 대신 물리 엔진을 씁니다: {} 신경망을 실행하려면: {}</translation>
  </message>
  <message>
   <source>The project names the paper's network, which gives no factor of safety: the network supplied with the plugin is used.</source>
   <translation>프로젝트는 안전율을 내지 않는 논문의 신경망을 가리킵니다. 플러그인에 들어 있는 신경망을 씁니다.</translation>
  </message>
  <message>
   <source>The rainfall changes with time: {}</source>
   <translation>시간에 따라 변하는 강우: {}</translation>
  </message>
  <message>
   <source>The report was written: {}.</source>
   <translation>보고서를 썼습니다: {}.</translation>
  </message>
  <message>
   <source>The rows are not in the order of their rain: '{}' follows '{}', which has more. The map of the first failing scenario (FIRST_FAILURE) shows the first row of the table that fails, not the smallest storm. Sort the rows from the smallest storm to the largest.</source>
   <translation>행이 강우 크기 순서가 아닙니다. '{}'이(가) 비가 더 많은 '{}' 다음에 있습니다. 최초 붕괴 시나리오 지도(FIRST_FAILURE)는 가장 작은 강우가 아니라 표에서 처음으로 붕괴하는 행을 보여 줍니다. 작은 강우부터 큰 강우 순으로 정렬하십시오.</translation>
  </message>
  <message>
   <source>The rows of a table, on your own DEM</source>
   <translation>표의 행, 사용자의 DEM</translation>
  </message>
  <message>
   <source>The same cells fail in all scenarios, or nearly so: conductivity limits infiltration. The rain of all scenarios ({:.3g} to {:.3g} mm/h) exceeds the saturated conductivity ({:.3g} m/s, {:.3g} mm/h), and the excess runs off.</source>
   <translation>모든 시나리오에서 같은 셀이 파괴되거나 거의 같습니다: 투수계수가 침투를 제한합니다. 모든 시나리오의 강우({:.3g}~{:.3g} mm/h)가 포화 투수계수({:.3g} m/s, {:.3g} mm/h)를 넘으며, 넘는 만큼 유출됩니다.</translation>
  </message>
  <message>
   <source>The same cells fail in all scenarios, or nearly so: the parameters that differ between them have little effect.</source>
   <translation>모든 시나리오에서 같은 셀이 파괴되거나 거의 같습니다: 시나리오마다 다른 매개변수가 거의 영향을 주지 않습니다.</translation>
  </message>
  <message>
   <source>The same cells fail in all scenarios, or nearly so: they fail without the rain, their soil is saturated to the surface in all scenarios, or rain beyond its conductivity (1e-6 m/s is 3.6 mm/h) runs off.</source>
   <translation>모든 시나리오에서 같거나 거의 같은 셀이 파괴됩니다. 강우 없이도 파괴되거나, 모든 시나리오에서 토층이 지표까지 포화되었거나, 투수계수를 넘는 강우(1e-6 m/s는 3.6 mm/h)가 지표로 흘러갑니다.</translation>
  </message>
  <message>
   <source>The same cells fail in all scenarios: all of them have the same parameters.</source>
   <translation>모든 시나리오에서 같은 셀이 파괴됩니다. 모든 시나리오의 매개변수가 같습니다.</translation>
  </message>
  <message>
   <source>The same for cells of 2 to 98 %</source>
   <translation>2~98 % 셀의 보정 오차</translation>
  </message>
  <message>
   <source>The same seed and inputs give the same maps.</source>
   <translation>시드와 입력이 같으면 지도도 같습니다.</translation>
  </message>
  <message>
   <source>The same seed gives the same training on the same device.</source>
   <translation>같은 장치에서 시드가 같으면 학습도 같습니다.</translation>
  </message>
  <message>
   <source>The same seed, inputs and standard deviations give the same map.</source>
   <translation>시드, 입력, 표준편차가 같으면 지도도 같습니다.</translation>
  </message>
  <message>
   <source>The same seed, size and cell size give the same study area.</source>
   <translation>시드, 크기, 셀 크기가 같으면 연구 지역도 같습니다.</translation>
  </message>
  <message>
   <source>The saturated unit weight includes the pore water: raise the saturated or lower the moist unit weight.</source>
   <translation>포화 단위중량에는 간극수가 포함됩니다. 포화 단위중량을 높이거나 습윤 단위중량을 낮추십시오.</translation>
  </message>
  <message>
   <source>The scenarios are written here in blocks (.npz), with dataset.json, which describes them and is written last.</source>
   <translation>시나리오를 여기에 블록(.npz)으로 쓰고, 그 설명인 dataset.json을 함께 씁니다. dataset.json은 마지막에 씁니다.</translation>
  </message>
  <message>
   <source>The scenarios of a table need a DEM.</source>
   <translation>표의 시나리오에는 DEM이 필요합니다.</translation>
  </message>
  <message>
   <source>The scheduler writes its address when it starts: 'Scheduler at: ...'.</source>
   <translation>스케줄러는 시작할 때 주소를 출력합니다: 'Scheduler at: ...'.</translation>
  </message>
  <message>
   <source>The sets are equivalent: very different parameters rank the landslides equally well, and no value is an estimate of the actual soil. Together the sets cover the range of maps that fit. Cohesion, root cohesion and the tangent of the friction angle of each set were multiplied by a factor so that a factor of safety of 1 best separates landslides from stable cells (highest hit rate minus false-alarm rate of their mean). The ranking is unchanged.</source>
   <translation>이 조합들은 동등합니다. 매우 다른 매개변수가 산사태를 똑같이 잘 가려내며, 어떤 값도 실제 흙의 추정값이 아닙니다. 조합 전체가 맞는 지도의 범위를 나타냅니다. 각 조합의 점착력, 뿌리 점착력, 내부마찰각의 탄젠트에 계수를 곱하여 안전율 1이 산사태와 안정 셀을 가장 잘 가르게 했습니다(평균의 적중률에서 오경보율을 뺀 값이 최대). 순위는 바뀌지 않습니다.</translation>
  </message>
  <message>
   <source>The soil depth</source>
   <translation>토심</translation>
  </message>
  <message>
   <source>The soil depth changes by {} along a straight line from {} to {}, as between tiles from different sources or in different units (such lines in all: {}). Failed cells may follow the tiles. Adjust them to one another, or use a soil depth from one source.</source>
   <translation>토심이 {1}에서 {2}까지의 직선을 따라 {0}만큼 달라집니다. 출처나 단위가 서로 다른 타일의 경계로 보입니다(이런 선의 총수: {3}). 파괴 셀이 타일 모양을 따를 수 있습니다. 타일을 서로 맞추거나 한 출처의 토심을 사용하십시오.</translation>
  </message>
  <message>
   <source>The soil depth is 0 m (bare rock) in {:.2g} % of the cells.</source>
   <translation>셀의 {:.2g} %에서 토심이 0 m(암반 노출)입니다.</translation>
  </message>
  <message>
   <source>The soil depth is 0 m, which is bare rock, in {:.0f} % of the cells along the edge of the DEM: if it marks missing depths there, declare 0 as NoData in the layer's properties.</source>
   <translation>수치표고모델 가장자리 셀의 {:.0f} %에서 토심이 노출된 암반을 뜻하는 0 m입니다. 그곳의 0이 결측을 뜻하면 레이어 속성에서 0을 NoData로 지정하십시오.</translation>
  </message>
  <message>
   <source>The soil depth is estimated from the elevation model alone, which gives the least reliable stability maps (Segoni, Rossi &amp; Catani 2012): use a measured soil depth layer where there is one.</source>
   <translation>토심을 수치표고모델만으로 추정하며, 이는 안정도 지도의 신뢰도가 가장 낮은 방법입니다(Segoni, Rossi &amp; Catani 2012). 실측 토심 레이어가 있으면 그것을 쓰십시오.</translation>
  </message>
  <message>
   <source>The soil depth is the same in every cell, whatever the terrain, which gives far less reliable stability maps than measured depths: use a measured soil depth layer where there is one.</source>
   <translation>토심이 지형과 관계없이 모든 셀에서 같으며, 이 경우 안정도 지도의 신뢰도가 실측 토심을 쓸 때보다 훨씬 낮습니다. 실측 토심 레이어가 있으면 그것을 쓰십시오.</translation>
  </message>
  <message>
   <source>The soil depth is treated as certain (SOIL_DEPTH_SD is 0). Results are most sensitive to it: the probabilities are too close to 0 and 1 unless the depth was measured.</source>
   <translation>토심을 확정값으로 봅니다(SOIL_DEPTH_SD가 0). 결과는 토심에 가장 민감하므로, 실측한 토심이 아니라면 확률이 0과 1에 지나치게 가깝습니다.</translation>
  </message>
  <message>
   <source>The soil depth used, or the estimate that best fits the landslides; use it with the table of sets.</source>
   <translation>사용한 토심 또는 산사태에 가장 잘 맞는 추정 토심. 조합의 표와 함께 쓰십시오.</translation>
  </message>
  <message>
   <source>The solver ({} on {}) left {} of {} valid cells without a value; nothing was written. Choose the physics engine or another device, and run 'Check environment'.</source>
   <translation>풀이({}, {})가 유효 셀 {} / {}개에 값을 주지 못했습니다. 아무것도 쓰지 않았습니다. 물리 엔진이나 다른 장치를 고르고 '환경 점검'을 실행하십시오.</translation>
  </message>
  <message>
   <source>The solver failed ({}: {}).</source>
   <translation>풀이가 실패했습니다 ({}: {}).</translation>
  </message>
  <message>
   <source>The stable cells were provided.</source>
   <translation>안정 셀은 입력으로 주어졌습니다.</translation>
  </message>
  <message>
   <source>The stable cells were sampled.</source>
   <translation>안정 셀은 추출했습니다.</translation>
  </message>
  <message>
   <source>The state of the training is kept in '{}': train again with the same inputs and output file to continue, or delete that folder.</source>
   <translation>학습 상태가 '{}'에 보관되어 있습니다: 계속하려면 같은 입력과 출력 파일로 다시 학습하고, 아니면 그 폴더를 지우십시오.</translation>
  </message>
  <message>
   <source>The susceptibility ranks held-out landslides better than slope angle alone: AUC {:.3f} ({:.3f} to {:.3f}) against {:.3f}; the difference is {:+.3f} ({:+.3f} to {:+.3f}).</source>
   <translation>교차 검증에서 취약성이 빼 둔 산사태를 경사각만 쓸 때보다 더 잘 가려냅니다: AUC {:.3f}({:.3f} ~ {:.3f}), 경사각은 {:.3f}. 차이는 {:+.3f}({:+.3f} ~ {:+.3f})입니다.</translation>
  </message>
  <message>
   <source>The susceptibility ranks the landslides much better (AUC {:.3f}) than slope angle ({:.3f}) and the calibrated factor of safety ({:.3f}). Does the inventory include runout or deposits? Then the map shows where landslides come to rest, not where they start: map source areas only, and calibrate again.</source>
   <translation>취약성(AUC {:.3f})가 경사각({:.3f})과 보정된 안전율({:.3f})보다 산사태를 훨씬 잘 구분합니다. 산사태 목록에 이동 구간이나 퇴적 구간이 포함되어 있습니까? 그렇다면 이 지도는 산사태가 시작되는 곳이 아니라 멈추는 곳을 나타냅니다. 발생부만 도면화하여 다시 보정하십시오.</translation>
  </message>
  <message>
   <source>The table is not used: for its rows choose the design 'table' (DESIGN).</source>
   <translation>표가 사용되지 않습니다. 표의 행을 사용하려면 설계 'table'(DESIGN)을 선택하십시오.</translation>
  </message>
  <message>
   <source>The trained weights, with a model card (.md) of the same name; use them as MODEL in 'Predict failure mask'.</source>
   <translation>학습한 가중치와 같은 이름의 모델 카드(.md). '파괴 마스크 예측'의 MODEL로 쓰십시오.</translation>
  </message>
  <message>
   <source>The training did not improve the masks ({:+.4f}): keep the initial network.</source>
   <translation>학습으로 마스크가 나아지지 않았습니다({:+.4f}). 초기 신경망을 그대로 쓰십시오.</translation>
  </message>
  <message>
   <source>The training diverged: it continues from epoch {} with {:g} times the learning rate.</source>
   <translation>학습이 발산했습니다. 에폭 {}부터 학습률의 {:g}배로 계속합니다.</translation>
  </message>
  <message>
   <source>The training stopped at step {}: the loss or its gradient is not finite. No weights were written. Train again in another folder with a lower learning rate (LEARNING_RATE) or without mixed precision, and look for extreme values in the data set.</source>
   <translation>학습이 {}단계에서 멈췄습니다. 손실이나 기울기가 유한하지 않습니다. 가중치는 쓰지 않았습니다. 다른 폴더에서 학습률(LEARNING_RATE)을 낮추거나 혼합 정밀도 없이 다시 학습하고, 데이터 세트에 극단적인 값이 있는지 살펴보십시오.</translation>
  </message>
  <message>
   <source>The unit is metres: divide a layer in centimetres by 100 with the raster calculator. Or are elevation and depth swapped?</source>
   <translation>단위는 m입니다. cm 레이어는 래스터 계산기로 100으로 나누십시오. 표고와 토심이 뒤바뀌지는 않았습니까?</translation>
  </message>
  <message>
   <source>These are too few landslides to calibrate and test. Map more of them, or use a larger area.</source>
   <translation>보정하고 시험하기에는 산사태가 너무 적습니다. 더 많이 조사하거나 더 넓은 영역을 쓰십시오.</translation>
  </message>
  <message>
   <source>This AUC of slope compares the landslides with the stable cells of all blocks together; in the table of held-out scores only cells of the same block are compared.</source>
   <translation>여기의 경사 AUC는 산사태를 모든 블록의 안정 셀과 함께 비교한 값입니다. 교차 검증 점수 표에서는 같은 블록의 셀끼리만 비교합니다.</translation>
  </message>
  <message>
   <source>This is the elevation itself. Choose a soil depth raster in metres, or none.</source>
   <translation>표고 레이어 자체입니다. m 단위 토심 래스터를 고르거나 비워 두십시오.</translation>
  </message>
  <message>
   <source>This network gives a failure mask but no factor of safety.</source>
   <translation>이 신경망은 파괴 마스크만 내며 안전율은 내지 않습니다.</translation>
  </message>
  <message>
   <source>Threads</source>
   <translation>스레드</translation>
  </message>
  <message>
   <source>Threshold</source>
   <translation>임계값</translation>
  </message>
  <message>
   <source>Threshold (THRESHOLD)</source>
   <translation>임계값 (THRESHOLD)</translation>
  </message>
  <message>
   <source>Threshold with the highest hit rate minus false-alarm rate</source>
   <translation>적중률에서 오경보율을 뺀 값이 가장 큰 임계값</translation>
  </message>
  <message>
   <source>Time</source>
   <translation>시간</translation>
  </message>
  <message>
   <source>Time at which the factor of safety is evaluated. Where water drains quickly, or a hyetograph weakens or stops before its end, the end is not the worst time: choose the minimum. It is taken over the state before the rain, each hour and the end of each row of a hyetograph.</source>
   <translation>안전율을 평가하는 시점입니다. 물이 빨리 빠지거나 우량주상도의 비가 끝나기 전에 약해지거나 그치면 종료 시점이 가장 위험한 시점이 아니므로 최솟값을 선택하십시오. 최솟값은 강우 전 상태, 매 시각, 우량주상도 각 행의 끝에서 구합니다.</translation>
  </message>
  <message>
   <source>Time steps</source>
   <translation>시간 단계 수</translation>
  </message>
  <message>
   <source>Times of the series' bands: a list such as '6, 12, 24', or a step such as 'every 6', which includes the end. Hours that differ by 2 seconds or less are one band.</source>
   <translation>시계열 밴드의 시각. '6, 12, 24' 같은 목록이나 'every 6' 같은 간격이며, 간격으로 주면 끝 시각도 들어갑니다. 2초 이하로 차이 나는 시각은 밴드 하나가 됩니다.</translation>
  </message>
  <message>
   <source>Title</source>
   <translation>제목</translation>
  </message>
  <message>
   <source>To include the time after the rain, use a hyetograph whose last rows have no rainfall.</source>
   <translation>비가 그친 뒤의 시간을 포함하려면 마지막 행들에 강우가 없는 우량도를 사용하십시오.</translation>
  </message>
  <message>
   <source>Train a network</source>
   <translation>신경망 학습</translation>
  </message>
  <message>
   <source>Train also on flipped and rotated copies of each study area.</source>
   <translation>각 대상 지역을 뒤집고 돌린 사본으로도 학습합니다.</translation>
  </message>
  <message>
   <source>Trained on {}</source>
   <translation>학습 범위 {}</translation>
  </message>
  <message>
   <source>Training</source>
   <translation>학습</translation>
  </message>
  <message>
   <source>Training curves</source>
   <translation>학습 곡선</translation>
  </message>
  <message>
   <source>Training of {}</source>
   <translation>{} 학습</translation>
  </message>
  <message>
   <source>Training stops after this number of epochs without a better Dice coefficient on the validation cases, and the best weights are kept. If empty, all epochs are run.</source>
   <translation>검증 사례의 Dice 계수가 좋아지지 않는 에폭이 이만큼 이어지면 학습을 끝내고 가장 좋은 가중치를 남깁니다. 비우면 모든 에폭을 실행합니다.</translation>
  </message>
  <message>
   <source>Training {}, validation {}, test {} scenarios.</source>
   <translation>학습 {}, 검증 {}, 시험 {} 시나리오.</translation>
  </message>
  <message>
   <source>Trains a U-Net on a data set of 'Build a training set'. An initial network is fine-tuned on scenarios simulated in your own study area, and the report compares the result with it. Scenarios with strong lateral flow on small cells contribute most; cases with a less accurate first guess are sampled more often. A training that was stopped continues when it is run again with the same inputs and output file. Needs the Python packages torch and safetensors.</source>
   <translation>'학습 자료 만들기'의 자료로 U-Net을 학습합니다. 초기 신경망은 사용자의 대상 지역에서 모의한 시나리오로 미세 조정하고, 보고서에서 결과를 초기 신경망과 비교합니다. 셀이 작고 측방 흐름이 강한 시나리오가 가장 크게 기여하며, 초기 추정이 부정확한 사례일수록 자주 추출합니다. 멈춘 학습은 같은 입력과 출력 파일로 다시 실행하면 이어집니다. Python 패키지 torch와 safetensors가 필요합니다.</translation>
  </message>
  <message>
   <source>Triangular, symmetric</source>
   <translation>대칭 삼각분포</translation>
  </message>
  <message>
   <source>True negatives [cells]</source>
   <translation>참음성 [셀]</translation>
  </message>
  <message>
   <source>True positives [cells]</source>
   <translation>참양성 [셀]</translation>
  </message>
  <message>
   <source>Two-stage, as in the paper (Jeong et al.): 613 scenarios</source>
   <translation>논문(Jeong 외)과 같은 2단계: 시나리오 613개</translation>
  </message>
  <message>
   <source>Typical values of soils and the published cases, with their sources</source>
   <translation>흙의 대표값과 발표된 사례 (출처 포함)</translation>
  </message>
  <message>
   <source>Typical: 20 to 40 % of the mean.</source>
   <translation>보통 평균의 20~40 %입니다.</translation>
  </message>
  <message>
   <source>Typical: 5 to 15 % of the mean.</source>
   <translation>보통 평균의 5~15 %입니다.</translation>
  </message>
  <message>
   <source>Typical: 60 to 90 % of the mean, with a lognormal distribution.</source>
   <translation>보통 평균의 60~90 %이며 로그정규분포를 따릅니다.</translation>
  </message>
  <message>
   <source>U-Net</source>
   <translation>U-Net</translation>
  </message>
  <message>
   <source>U-Net of the paper (Jeong et al.), for one study area</source>
   <translation>논문(Jeong 외)의 U-Net, 한 대상 지역용</translation>
  </message>
  <message>
   <source>U-Net that corrects a first guess, for any area</source>
   <translation>첫 추정을 보정하는 U-Net, 모든 지역용</translation>
  </message>
  <message>
   <source>US survey feet</source>
   <translation>미국 측량 피트</translation>
  </message>
  <message>
   <source>Unit</source>
   <translation>단위</translation>
  </message>
  <message>
   <source>Unit in which the value is entered. It is stored in m/s.</source>
   <translation>값을 입력하는 단위. 값은 m/s로 저장됩니다.</translation>
  </message>
  <message>
   <source>Unit weight of the soil behind the wetting front and below the water table.</source>
   <translation>습윤전선 뒤와 지하수위 아래에 있는 흙의 단위중량.</translation>
  </message>
  <message>
   <source>Unit weight of the soil behind the wetting front and below the water table. By zone.</source>
   <translation>습윤전선 뒤와 지하수위 아래에 있는 흙의 단위중량. 구역별.</translation>
  </message>
  <message>
   <source>Unit weight of the soil that is neither wetted nor below the water table.</source>
   <translation>젖지 않았고 지하수위 위에 있는 흙의 단위중량.</translation>
  </message>
  <message>
   <source>Unit weight of the soil that is neither wetted nor below the water table. By zone.</source>
   <translation>젖지 않았고 지하수위 위에 있는 흙의 단위중량. 구역별.</translation>
  </message>
  <message>
   <source>Update or remove Slopecast there, and restart the scheduler and the workers: new workers get what the scheduler was sent before.</source>
   <translation>그곳의 Slopecast를 갱신하거나 제거하고 스케줄러와 작업자를 다시 시작하십시오. 새 작업자는 스케줄러가 이전에 받은 것을 받습니다.</translation>
  </message>
  <message>
   <source>Upper end of its 95 % interval</source>
   <translation>95 % 구간의 상한</translation>
  </message>
  <message>
   <source>Upper end of the difference's 95 % interval</source>
   <translation>차이의 95 % 구간의 상한</translation>
  </message>
  <message>
   <source>Use a DEM that reaches up to the ridges around the study area.</source>
   <translation>대상 지역을 둘러싼 능선까지 포함하는 수치표고모델을 쓰십시오.</translation>
  </message>
  <message>
   <source>Use a decimal point.</source>
   <translation>소수점은 마침표로 쓰십시오.</translation>
  </message>
  <message>
   <source>Use a larger elevation model or area, or give points of stable ground (STABLE).</source>
   <translation>더 넓은 수치표고모델이나 영역을 쓰거나, 안정 지점(STABLE)을 지정하십시오.</translation>
  </message>
  <message>
   <source>Use elevation as an attribute</source>
   <translation>표고를 속성으로 사용</translation>
  </message>
  <message>
   <source>Use these values</source>
   <translation>이 값 사용</translation>
  </message>
  <message>
   <source>Use this cohesion</source>
   <translation>이 점착력 사용</translation>
  </message>
  <message>
   <source>Use this rain</source>
   <translation>이 비 사용</translation>
  </message>
  <message>
   <source>Use weights made for this version, or leave the field empty for the shipped network.</source>
   <translation>이 버전용 가중치를 쓰거나, 기본 신경망을 쓰려면 필드를 비워 두십시오.</translation>
  </message>
  <message>
   <source>Use {}.</source>
   <translation>{}을(를) 쓰십시오.</translation>
  </message>
  <message>
   <source>Valid cells</source>
   <translation>유효 셀 수</translation>
  </message>
  <message>
   <source>Validate with a landslide inventory</source>
   <translation>산사태 목록으로 검증</translation>
  </message>
  <message>
   <source>Validation</source>
   <translation>검증</translation>
  </message>
  <message>
   <source>Validation with a landslide inventory</source>
   <translation>산사태 목록에 의한 검증</translation>
  </message>
  <message>
   <source>Value</source>
   <translation>값</translation>
  </message>
  <message>
   <source>Values to summarize</source>
   <translation>요약할 값</translation>
  </message>
  <message>
   <source>Vertical depth at the end of the event.</source>
   <translation>강우 사상이 끝난 때의 연직 깊이.</translation>
  </message>
  <message>
   <source>Vertical depth from surface to bedrock.</source>
   <translation>지표에서 기반암까지의 연직 깊이.</translation>
  </message>
  <message>
   <source>Vertical depth from the surface to bedrock in metres, 0 to 50; 0 is bare rock. Aligned to the elevation model if its grid differs. If omitted, it is estimated from slope, which is the least reliable way.</source>
   <translation>지표에서 기반암까지의 연직 깊이(m), 0~50. 0은 노출된 암반입니다. 격자가 다르면 수치표고모델에 맞춥니다. 비워 두면 경사로 추정하며, 이는 가장 신뢰도가 낮은 방법입니다.</translation>
  </message>
  <message>
   <source>Vertical depth from the surface to bedrock in metres, 0 to 50; 0 is bare rock. Aligned to the elevation model if its grid differs. If omitted, ten estimates from the elevation model are tried, and the one that fits best is used.</source>
   <translation>지표에서 기반암까지의 연직 깊이(m), 0~50. 0은 노출된 암반입니다. 격자가 다르면 수치표고모델에 맞춥니다. 비워 두면 수치표고모델로 추정한 토심 10가지를 시험하고 가장 잘 맞는 것을 씁니다.</translation>
  </message>
  <message>
   <source>Vertical depth of the slip surface of a failed cell, at the wetting front or at bedrock; NoData where it does not fail.</source>
   <translation>파괴 셀의 파괴면(습윤전선 또는 기반암)의 연직 깊이. 파괴되지 않으면 NoData.</translation>
  </message>
  <message>
   <source>Vertical depth to bedrock in metres.</source>
   <translation>기반암까지의 연직 깊이(m).</translation>
  </message>
  <message>
   <source>Vertical height at the end of the event.</source>
   <translation>강우 사상이 끝난 때의 연직 높이.</translation>
  </message>
  <message>
   <source>Vertical height of the water table above bedrock before the rain, in place of its ratio to the soil depth; aligned to the elevation model. Heights above the surface are lowered to it, with a warning.</source>
   <translation>강우 전 기반암 위 지하수위의 연직 높이. 토심에 대한 비를 대신하며 수치표고모델에 맞춥니다. 지표보다 높은 값은 경고와 함께 지표로 낮춥니다.</translation>
  </message>
  <message>
   <source>Vertical soil depth by zone.</source>
   <translation>구역별 연직 토심.</translation>
  </message>
  <message>
   <source>Vertical soil depth of your study area in metres; if omitted, it is estimated from slope.</source>
   <translation>대상 지역의 연직 토심(m). 비워 두면 경사로 추정합니다.</translation>
  </message>
  <message>
   <source>Vertical, 0 to 50 m. Enter depths observed in the area, if known.</source>
   <translation>연직, 0~50 m. 이 지역에서 관측된 깊이를 알면 그 값을 입력하십시오.</translation>
  </message>
  <message>
   <source>Volume of water that a unit volume of the unsaturated soil takes up when the wetting front passes.</source>
   <translation>습윤전선이 지나갈 때 불포화토의 단위 부피가 받아들이는 물의 부피.</translation>
  </message>
  <message>
   <source>Volume of water that a unit volume of the unsaturated soil takes up when the wetting front passes. By zone.</source>
   <translation>습윤전선이 지나갈 때 불포화토의 단위 부피가 받아들이는 물의 부피. 구역별.</translation>
  </message>
  <message>
   <source>WATER_TABLE_RATIO is ignored: the initial water table is that of the raster or of the recharge.</source>
   <translation>WATER_TABLE_RATIO는 사용하지 않습니다. 초기 지하수위는 래스터 또는 함양량에서 정해집니다.</translation>
  </message>
  <message>
   <source>Wait until it has ended, or choose another output.</source>
   <translation>끝날 때까지 기다리거나 다른 출력을 고르십시오.</translation>
  </message>
  <message>
   <source>Wall time of the simulation [s]</source>
   <translation>모의 소요 시간 [s]</translation>
  </message>
  <message>
   <source>Warning: </source>
   <translation>경고: </translation>
  </message>
  <message>
   <source>Water balance: {}{}.</source>
   <translation>물수지: {}{}.</translation>
  </message>
  <message>
   <source>Water content behind the wetting front where the rain is weaker than the conductivity: full saturation, or only the content that transmits the rain (Brooks and Corey), so that the front advances deeper.</source>
   <translation>비가 투수계수보다 약한 곳에서 습윤전선 뒤의 함수량: 완전 포화, 또는 비를 전달하는 함수량만(Brooks와 Corey). 뒤의 경우 전선이 더 깊이 내려갑니다.</translation>
  </message>
  <message>
   <source>Water crosses many cells: the {:,} windows are stepped in passes of up to {} steps, with up to {} of intermediate results on the disk.</source>
   <translation>물이 많은 셀을 가로지릅니다. 창 {:,}개를 한 번에 최대 {} 단계씩 되풀이하여 계산하며, 중간 결과가 디스크에 최대 {}를 차지합니다.</translation>
  </message>
  <message>
   <source>Water table</source>
   <translation>지하수위</translation>
  </message>
  <message>
   <source>Water table above bedrock</source>
   <translation>기반암 위 지하수위</translation>
  </message>
  <message>
   <source>Weights file (.safetensors) with its model card. If empty, the network supplied with the plugin is used.</source>
   <translation>모델 카드가 있는 가중치 파일(.safetensors). 비워 두면 플러그인에 들어 있는 신경망을 씁니다.</translation>
  </message>
  <message>
   <source>Weights of a pointwise network, which uses no neighbouring cells, to measure the gain of the U-Net. If empty, the one supplied with the plugin is used, if there is one.</source>
   <translation>이웃 셀을 쓰지 않는 셀별 신경망의 가중치. U-Net의 이득을 재는 데 씁니다. 비우면 플러그인에 들어 있는 것이 있을 경우 그것을 씁니다.</translation>
  </message>
  <message>
   <source>Weights to compare with</source>
   <translation>비교할 가중치</translation>
  </message>
  <message>
   <source>Weights to start from, of the same architecture, e.g. those supplied with the plugin. If empty, training starts from random weights.</source>
   <translation>학습을 시작할 같은 구조의 가중치. 예: 플러그인에 들어 있는 것. 비우면 무작위 가중치에서 학습을 시작합니다.</translation>
  </message>
  <message>
   <source>Wetting front depth</source>
   <translation>습윤전선 깊이</translation>
  </message>
  <message>
   <source>What to do</source>
   <translation>할 일</translation>
  </message>
  <message>
   <source>Where lateral flow is strong (IoU of the soil column below {:g}, {} cases), the mean IoU is {}.</source>
   <translation>측방 흐름이 강한 곳(흙기둥의 IoU {:g} 미만, 사례 {}개)의 평균 IoU: {}.</translation>
  </message>
  <message>
   <source>Where seepage along the slope raises the pore pressure in the wetted zone. Always gives the lowest factors of safety, none the highest.</source>
   <translation>사면 방향의 침투가 습윤대의 간극수압을 높이는 곳입니다. '항상'은 안전율이 가장 낮고 '없음'은 가장 높습니다.</translation>
  </message>
  <message>
   <source>Where the network is trained; the log names the device used.</source>
   <translation>신경망을 학습하는 장치. 실제로 쓴 장치는 로그에 나옵니다.</translation>
  </message>
  <message>
   <source>Where the network runs; the log names the device used.</source>
   <translation>신경망을 실행하는 장치. 실제로 쓴 장치는 로그에 나옵니다.</translation>
  </message>
  <message>
   <source>Whether groundwater drains over the map edges and borders of NoData. Closed is for edges that no groundwater crosses, such as divides.</source>
   <translation>지하수가 지도 가장자리와 NoData 경계를 넘어 배수되는지 여부입니다. 닫힘은 분수계처럼 지하수가 넘지 않는 가장자리에 쓰십시오.</translation>
  </message>
  <message>
   <source>Whole maps of {} validation cases, compared with those of the physics engine. '{}' is the network from which the training started, '{}' the same physics without lateral flow.</source>
   <translation>검증 사례 {}개의 전체 지도를 물리 엔진의 지도와 비교했습니다. '{}'은(는) 학습을 시작한 신경망, '{}'은(는) 측방 흐름이 없는 같은 물리입니다.</translation>
  </message>
  <message>
   <source>Width</source>
   <translation>폭</translation>
  </message>
  <message>
   <source>With the mean parameters (of a table: with its first row) {:,} cells have FS &lt; 1 under initial conditions: the probability there is not that of failure by this rain. If those slopes are stable in nature, their cohesion or friction angle is too low, or the soil depth or initial water table too high.</source>
   <translation>평균 매개변수(표에서는 첫 행)로 계산하면 셀 {:,}개가 초기 조건에서 FS &lt; 1입니다. 그곳의 확률은 이 비로 파괴될 확률이 아닙니다. 실제로 안정한 사면이라면 점착력이나 내부마찰각이 너무 낮거나 토심 또는 초기 지하수위가 너무 높습니다.</translation>
  </message>
  <message>
   <source>With these coefficients the intensity increases with duration, the depth decreases with it, or rarer rainfall is lighter, which no rainfall does. Check their signs and units: t in minutes, T in years, natural logarithms, I in mm/h.</source>
   <translation>이 계수로는 지속시간이 길수록 강우강도가 커지거나 강우량이 줄어들고, 또는 더 드문 강우가 더 약해지는데, 실제 강우는 그렇지 않습니다. 부호와 단위를 확인하십시오. t는 분, T는 년, 로그는 자연로그, I는 mm/h입니다.</translation>
  </message>
  <message>
   <source>With this soil depth the factor of safety does not decrease with slope: with the default parameters its median is {:.2f} in the steepest 10 % of the cells and {:.2f} at about {:.0f} deg (rank correlation with slope {:.2f}). Landslides on steep slopes would be missed. Choose another method or a larger minimum depth.</source>
   <translation>이 토심에서는 안전율이 경사에 따라 작아지지 않습니다: 기본 매개변수에서 중앙값이 가장 가파른 셀 10 %에서 {:.2f}, 비교한 셀에서 {:.2f}(경사 약 {:.0f}도)입니다(경사와의 순위 상관계수 {:.2f}). 가파른 사면의 산사태를 놓치게 됩니다. 다른 방법을 고르거나 최소 깊이를 키우십시오.</translation>
  </message>
  <message>
   <source>Without a map the depth is estimated from the DEM: a rough estimate.</source>
   <translation>토심 지도가 없으면 DEM에서 대략 추정합니다.</translation>
  </message>
  <message>
   <source>Without lateral groundwater flow.</source>
   <translation>측방 지하수 흐름 없음.</translation>
  </message>
  <message>
   <source>Without torch</source>
   <translation>torch가 없을 때</translation>
  </message>
  <message>
   <source>Workers ended unexpectedly; their jobs are done by the main process instead.</source>
   <translation>작업자가 예기치 않게 종료되어, 그 작업을 주 프로세스가 대신합니다.</translation>
  </message>
  <message>
   <source>Write a GeoTIFF (.tif), or resample the DEM to square cells.</source>
   <translation>GeoTIFF(.tif)로 쓰거나 수치표고모델을 정사각형 셀로 다시 표본화하십시오.</translation>
  </message>
  <message>
   <source>Write a new raster with Raster &gt; Raster Calculator, which applies the scale. If the results are not in metres, convert them there too.</source>
   <translation>축척을 적용하는 래스터 &gt; 래스터 계산기로 래스터를 다시 쓰십시오. 결과가 미터가 아니면 거기서 함께 변환하십시오.</translation>
  </message>
  <message>
   <source>Write a raster of failure classes for each row into the folder failure_class in the output folder. 0 stable before the event and at its end; 1 fails in the event; 2 unstable before the event (factor of safety below 1 under initial conditions) and at its end; 3 unstable before the event and stable at its end, as water drains; NoData 255. The failure mask shows classes 1 and 2 as failed. Not available with the weights paper.safetensors.</source>
   <translation>행마다 파괴 유형 래스터를 출력 폴더의 failure_class 폴더에 씁니다. 0 강우 전과 강우 끝에 안정; 1 강우 중에 파괴; 2 강우 전에 불안정(초기 조건의 안전율이 1 미만)하고 강우 끝에도 불안정; 3 강우 전에 불안정하지만 물이 빠져 강우 끝에는 안정; NoData 255. 파괴 마스크는 유형 1과 2를 파괴로 표시합니다. 가중치 paper.safetensors로는 쓸 수 없습니다.</translation>
  </message>
  <message>
   <source>Write the failure class of each row</source>
   <translation>행마다 파괴 유형 쓰기</translation>
  </message>
  <message>
   <source>Write the file again. An earlier file of this sheet is unchanged.</source>
   <translation>파일을 다시 만드십시오. 이 도면의 이전 파일은 그대로 있습니다.</translation>
  </message>
  <message>
   <source>Writing...</source>
   <translation>쓰는 중...</translation>
  </message>
  <message>
   <source>Wrong cells in cases without failure</source>
   <translation>파괴가 없는 사례의 틀린 셀</translation>
  </message>
  <message>
   <source>Wrong cells per case without failure</source>
   <translation>파괴가 없는 사례당 틀린 셀</translation>
  </message>
  <message>
   <source>Wrong cells per case, {}</source>
   <translation>사례당 틀린 셀, {}</translation>
  </message>
  <message>
   <source>Your curve changes branches at {:g} min: compare the results on both sides.</source>
   <translation>곡선의 구간이 {:g}분에서 바뀝니다. 양쪽의 결과를 비교하십시오.</translation>
  </message>
  <message>
   <source>Your own study area, in a projected coordinate system in metres; a large one is divided into windows. If omitted, the space-filling design creates procedural study areas. Required by the design table, not used by the paper's.</source>
   <translation>m 단위 투영좌표계의 사용자 대상 지역. 큰 지역은 창으로 나눕니다. 비워 두면 공간 채움 설계는 절차적 대상 지역을 만듭니다. 표 설계에는 필요하고 논문 설계에는 쓰지 않습니다.</translation>
  </message>
  <message>
   <source>Z_FACTOR = 1</source>
   <translation>Z_FACTOR = 1</translation>
  </message>
  <message>
   <source>Zones</source>
   <translation>구역</translation>
  </message>
  <message>
   <source>Zones, roads or buildings</source>
   <translation>구역, 도로 또는 건물</translation>
  </message>
  <message>
   <source>[Save to temporary file]</source>
   <translation>[임시 파일에 저장]</translation>
  </message>
  <message>
   <source>[The network supplied with the plugin]</source>
   <translation>[플러그인에 들어 있는 신경망]</translation>
  </message>
  <message>
   <source>a .safetensors file</source>
   <translation>.safetensors 파일</translation>
  </message>
  <message>
   <source>a .safetensors file made by Slopecast</source>
   <translation>Slopecast가 만든 .safetensors 파일</translation>
  </message>
  <message>
   <source>a .safetensors file, or empty for the default</source>
   <translation>.safetensors 파일, 기본값은 비움</translation>
  </message>
  <message>
   <source>a band of values</source>
   <translation>값이 든 밴드</translation>
  </message>
  <message>
   <source>a complete data set</source>
   <translation>온전한 데이터 세트</translation>
  </message>
  <message>
   <source>a complete file</source>
   <translation>온전한 파일</translation>
  </message>
  <message>
   <source>a complete file, with all files that it refers to</source>
   <translation>온전한 파일과 그 파일이 참조하는 모든 파일</translation>
  </message>
  <message>
   <source>a continuous surface</source>
   <translation>이어진 지표면</translation>
  </message>
  <message>
   <source>a coordinate system that can be transformed to that of the raster</source>
   <translation>래스터의 좌표계로 변환할 수 있는 좌표계</translation>
  </message>
  <message>
   <source>a data set to train on</source>
   <translation>학습할 데이터 세트</translation>
  </message>
  <message>
   <source>a digital elevation model (DEM)</source>
   <translation>수치표고모델 (DEM)</translation>
  </message>
  <message>
   <source>a factor of safety, a probability of failure or a failure mask</source>
   <translation>안전율, 파괴 확률 또는 파괴 마스크</translation>
  </message>
  <message>
   <source>a failure mask</source>
   <translation>파괴 마스크</translation>
  </message>
  <message>
   <source>a failure mask, a probability of failure, a factor of safety or failure classes</source>
   <translation>파괴 마스크, 파괴 확률, 안전율 또는 파괴 유형</translation>
  </message>
  <message>
   <source>a file and folders without it</source>
   <translation>그 문자가 없는 파일과 폴더</translation>
  </message>
  <message>
   <source>a file for each output</source>
   <translation>출력마다 파일 하나</translation>
  </message>
  <message>
   <source>a file in the format {}</source>
   <translation>{} 형식의 파일</translation>
  </message>
  <message>
   <source>a file name of its own</source>
   <translation>다른 행과 겹치지 않는 파일 이름</translation>
  </message>
  <message>
   <source>a file name that ends in {}</source>
   <translation>{}(으)로 끝나는 파일 이름</translation>
  </message>
  <message>
   <source>a file or folder on a disk</source>
   <translation>디스크의 파일 또는 폴더</translation>
  </message>
  <message>
   <source>a file or folder to write, or TEMPORARY_OUTPUT</source>
   <translation>기록할 파일이나 폴더 또는 TEMPORARY_OUTPUT</translation>
  </message>
  <message>
   <source>a file that is not open</source>
   <translation>열려 있지 않은 파일</translation>
  </message>
  <message>
   <source>a file that stores shapes</source>
   <translation>도형을 저장하는 파일</translation>
  </message>
  <message>
   <source>a file that you can write to</source>
   <translation>쓸 수 있는 파일</translation>
  </message>
  <message>
   <source>a file that you can write to, in a format with columns, such as GeoPackage (.gpkg)</source>
   <translation>쓸 수 있는 파일, 열이 있는 형식(예: GeoPackage, .gpkg)</translation>
  </message>
  <message>
   <source>a file that you can write to, on a disk with enough free space</source>
   <translation>여유 공간이 충분한 디스크의, 쓸 수 있는 파일</translation>
  </message>
  <message>
   <source>a file, or a table</source>
   <translation>파일 또는 표</translation>
  </message>
  <message>
   <source>a fill of 2.5 m weighs as much</source>
   <translation>높이 2.5 m의 성토에 해당하는 하중입니다</translation>
  </message>
  <message>
   <source>a first estimate, for the following reasons</source>
   <translation>다음 이유로 1차 추정치입니다</translation>
  </message>
  <message>
   <source>a folder on a disk with enough free space, within your quota</source>
   <translation>여유 공간이 충분한 디스크의, 할당량 안의 폴더</translation>
  </message>
  <message>
   <source>a folder that does not contain it</source>
   <translation>그것이 없는 폴더</translation>
  </message>
  <message>
   <source>a folder that you can write to</source>
   <translation>쓸 수 있는 폴더</translation>
  </message>
  <message>
   <source>a folder without files of these names</source>
   <translation>이 이름의 파일이 없는 폴더</translation>
  </message>
  <message>
   <source>a folder without the inputs and the other outputs</source>
   <translation>입력과 다른 출력이 없는 폴더</translation>
  </message>
  <message>
   <source>a format with columns, such as GeoPackage (.gpkg), CSV (.csv) or Excel (.xlsx)</source>
   <translation>GeoPackage(.gpkg), CSV(.csv), Excel(.xlsx)처럼 열이 있는 형식</translation>
  </message>
  <message>
   <source>a format with points, lines and polygons</source>
   <translation>점, 선, 폴리곤을 저장하는 형식</translation>
  </message>
  <message>
   <source>a format with shapes of several parts</source>
   <translation>여러 부분으로 된 도형을 저장하는 형식</translation>
  </message>
  <message>
   <source>a georeferenced raster</source>
   <translation>지리 참조된 래스터</translation>
  </message>
  <message>
   <source>a layer cannot be drawn completely: {}</source>
   <translation>레이어를 끝까지 그릴 수 없습니다: {}</translation>
  </message>
  <message>
   <source>a lognormal spread needs a mean above 0, which is 0 here</source>
   <translation>로그정규 분포에는 0보다 큰 평균이 필요하지만 여기서는 0입니다</translation>
  </message>
  <message>
   <source>a multiple of {}</source>
   <translation>{}의 배수</translation>
  </message>
  <message>
   <source>a name for each output</source>
   <translation>출력마다 다른 이름</translation>
  </message>
  <message>
   <source>a name that begins with a letter or a number</source>
   <translation>문자나 숫자로 시작하는 이름</translation>
  </message>
  <message>
   <source>a name that no other .md file in the folder has</source>
   <translation>폴더의 다른 .md 파일에 없는 이름</translation>
  </message>
  <message>
   <source>a name that no other layer in the folder has</source>
   <translation>폴더 안의 다른 레이어가 쓰지 않는 이름</translation>
  </message>
  <message>
   <source>a network that gives the water table</source>
   <translation>지하수위를 내는 신경망</translation>
  </message>
  <message>
   <source>a new file</source>
   <translation>새 파일</translation>
  </message>
  <message>
   <source>a new file, or one that this output wrote before</source>
   <translation>새 파일, 또는 이 출력이 이전에 만든 파일</translation>
  </message>
  <message>
   <source>a number</source>
   <translation>숫자</translation>
  </message>
  <message>
   <source>a number with a decimal point</source>
   <translation>소수점을 쓴 숫자</translation>
  </message>
  <message>
   <source>a number with its unit, MB or GB, 100 MB or more, for example 3 GB</source>
   <translation>MB나 GB 단위가 붙은 100 MB 이상의 숫자, 예: 3 GB</translation>
  </message>
  <message>
   <source>a page that fits into memory</source>
   <translation>메모리에 들어가는 크기의 용지</translation>
  </message>
  <message>
   <source>a paper's network</source>
   <translation>논문의 신경망</translation>
  </message>
  <message>
   <source>a projected coordinate system in metres</source>
   <translation>미터 단위의 투영좌표계</translation>
  </message>
  <message>
   <source>a projection that preserves lengths here, such as the local UTM zone or national grid</source>
   <translation>그곳의 UTM 구역이나 국가 좌표계처럼 이곳의 길이를 보존하는 투영</translation>
  </message>
  <message>
   <source>a raster file (GeoTIFF, ASCII grid, ...)</source>
   <translation>래스터 파일 (GeoTIFF, ASCII 격자 등)</translation>
  </message>
  <message>
   <source>a raster file that GDAL reads (GeoTIFF, ASCII grid, ...)</source>
   <translation>GDAL이 읽는 래스터 파일 (GeoTIFF, ASCII 격자 등)</translation>
  </message>
  <message>
   <source>a raster layer</source>
   <translation>래스터 레이어</translation>
  </message>
  <message>
   <source>a raster layer or file</source>
   <translation>래스터 레이어 또는 파일</translation>
  </message>
  <message>
   <source>a raster of depths, or none</source>
   <translation>깊이 래스터, 또는 없음</translation>
  </message>
  <message>
   <source>a raster that overlaps the DEM</source>
   <translation>수치표고모델과 겹치는 래스터</translation>
  </message>
  <message>
   <source>a raster that overlaps the DEM and the soil</source>
   <translation>수치표고모델 및 토층과 겹치는 래스터</translation>
  </message>
  <message>
   <source>a raster was specified</source>
   <translation>래스터가 지정되었습니다</translation>
  </message>
  <message>
   <source>a row for each scenario below the header</source>
   <translation>제목 줄 아래에 시나리오마다 한 행</translation>
  </message>
  <message>
   <source>a run with the same settings, or an empty folder</source>
   <translation>같은 설정의 실행 또는 빈 폴더</translation>
  </message>
  <message>
   <source>a scale, or a unit to convert, not both</source>
   <translation>축척 또는 변환할 단위 가운데 하나만</translation>
  </message>
  <message>
   <source>a scheduler with workers</source>
   <translation>작업자가 있는 스케줄러</translation>
  </message>
  <message>
   <source>a series of hours</source>
   <translation>시간별 계열</translation>
  </message>
  <message>
   <source>a shard (.npz) written by Slopecast</source>
   <translation>Slopecast가 쓴 조각 파일(.npz)</translation>
  </message>
  <message>
   <source>a side of the split that has cases</source>
   <translation>사례가 있는 분할 쪽</translation>
  </message>
  <message>
   <source>a smaller batch, fewer processes or more cases</source>
   <translation>더 작은 배치, 더 적은 프로세스 또는 더 많은 사례</translation>
  </message>
  <message>
   <source>a step of {:g} s or more that makes 1 to {} bands</source>
   <translation>{:g}초 이상이며 1 ~ {}개 밴드가 되는 간격</translation>
  </message>
  <message>
   <source>a table layer, or a CSV, XLSX or GeoPackage file</source>
   <translation>표 레이어, 또는 CSV, XLSX, GeoPackage 파일</translation>
  </message>
  <message>
   <source>a table without shapes cannot be stored as '{}'</source>
   <translation>도형이 없는 표는 '{}' 형식으로 저장할 수 없습니다</translation>
  </message>
  <message>
   <source>a text file with one row per line</source>
   <translation>줄마다 한 행이 있는 텍스트 파일</translation>
  </message>
  <message>
   <source>a vector layer or file</source>
   <translation>벡터 레이어 또는 파일</translation>
  </message>
  <message>
   <source>a worker</source>
   <translation>작업자</translation>
  </message>
  <message>
   <source>above 0 min</source>
   <translation>0분 초과</translation>
  </message>
  <message>
   <source>above the split</source>
   <translation>경계 위</translation>
  </message>
  <message>
   <source>above {:g}, up to {:g}</source>
   <translation>{:g} 초과 {:g} 이하</translation>
  </message>
  <message>
   <source>accuracy</source>
   <translation>정확도</translation>
  </message>
  <message>
   <source>agrees: {}</source>
   <translation>일치: {}</translation>
  </message>
  <message>
   <source>all cases</source>
   <translation>모든 사례</translation>
  </message>
  <message>
   <source>all {} are in one block</source>
   <translation>{}개 모두 한 블록에 있습니다</translation>
  </message>
  <message>
   <source>an area that is larger than the landslides</source>
   <translation>산사태보다 넓은 영역</translation>
  </message>
  <message>
   <source>an elevation or a soil depth</source>
   <translation>표고 또는 토심</translation>
  </message>
  <message>
   <source>an empty or new folder</source>
   <translation>빈 폴더 또는 새 폴더</translation>
  </message>
  <message>
   <source>an empty or new folder, or the inputs that this build was started with</source>
   <translation>빈 폴더 또는 새 폴더, 아니면 이 만들기를 시작한 입력</translation>
  </message>
  <message>
   <source>an end of {:g} to {:g} h</source>
   <translation>{:g} ~ {:g} h의 끝 시각</translation>
  </message>
  <message>
   <source>an output in a folder that all workers see under the same path, and may write to</source>
   <translation>모든 작업자가 같은 경로로 보고 쓸 수 있는 폴더의 출력</translation>
  </message>
  <message>
   <source>an output in a folder that all workers share with this computer</source>
   <translation>모든 작업자가 이 컴퓨터와 공유하는 폴더의 출력</translation>
  </message>
  <message>
   <source>an undamaged checkpoint</source>
   <translation>손상되지 않은 체크포인트</translation>
  </message>
  <message>
   <source>an undamaged data set</source>
   <translation>손상되지 않은 데이터 세트</translation>
  </message>
  <message>
   <source>an undamaged file</source>
   <translation>손상되지 않은 파일</translation>
  </message>
  <message>
   <source>an undamaged weights file made by Slopecast</source>
   <translation>Slopecast가 만든 손상되지 않은 가중치 파일</translation>
  </message>
  <message>
   <source>and {} more</source>
   <translation>그 밖에 {}개</translation>
  </message>
  <message>
   <source>another file</source>
   <translation>다른 파일</translation>
  </message>
  <message>
   <source>another run of Slopecast is writing to '{}' ({})</source>
   <translation>다른 Slopecast 실행이 '{}'에 쓰고 있습니다({})</translation>
  </message>
  <message>
   <source>any value</source>
   <translation>모든 값</translation>
  </message>
  <message>
   <source>are outside the training of the paper's network</source>
   <translation>논문 신경망의 학습 범위를 벗어납니다</translation>
  </message>
  <message>
   <source>are the paper's network, which does not run on a scheduler's workers</source>
   <translation>은(는) 스케줄러의 작업자에서 실행되지 않는 논문의 신경망입니다</translation>
  </message>
  <message>
   <source>are the paper's network, which gives only the mask: no factor of safety, water table or failure class</source>
   <translation>논문의 신경망이며 마스크만 냅니다: 안전율, 지하수위, 파괴 유형이 없습니다</translation>
  </message>
  <message>
   <source>area</source>
   <translation>면적</translation>
  </message>
  <message>
   <source>area under success-rate curve</source>
   <translation>성공률 곡선 아래 면적</translation>
  </message>
  <message>
   <source>areas</source>
   <translation>구역</translation>
  </message>
  <message>
   <source>as '{}' (mean {:g} m/s, Rawls et al. 1983)</source>
   <translation>'{}'와(과) 비슷함(평균 {:g} m/s, Rawls 등 1983)</translation>
  </message>
  <message>
   <source>as given</source>
   <translation>주어진 대로</translation>
  </message>
  <message>
   <source>ascending numbers above 0 and below 1, separated by commas, e.g. {}</source>
   <translation>0보다 크고 1보다 작은 오름차순의 수를 쉼표로 나눈 것, 예: {}</translation>
  </message>
  <message>
   <source>at least 3 x 3 cells</source>
   <translation>3 x 3 셀 이상</translation>
  </message>
  <message>
   <source>at least one</source>
   <translation>하나 이상</translation>
  </message>
  <message>
   <source>at least one cell with data</source>
   <translation>값이 있는 셀 하나 이상</translation>
  </message>
  <message>
   <source>at least the moist unit weight</source>
   <translation>습윤단위중량 이상</translation>
  </message>
  <message>
   <source>at least their sum</source>
   <translation>그 합 이상</translation>
  </message>
  <message>
   <source>at most {:,.0f} MB</source>
   <translation>{:,.0f} MB 이하</translation>
  </message>
  <message>
   <source>at most {:,}</source>
   <translation>{:,} 이하</translation>
  </message>
  <message>
   <source>at most {:,} columns</source>
   <translation>{:,}열 이하</translation>
  </message>
  <message>
   <source>at most {:,} rows</source>
   <translation>{:,}행 이하</translation>
  </message>
  <message>
   <source>at most {:g} MB</source>
   <translation>{:g} MB 이하</translation>
  </message>
  <message>
   <source>at most {:g} m</source>
   <translation>{:g} m 이하</translation>
  </message>
  <message>
   <source>at most {}</source>
   <translation>{} 이하</translation>
  </message>
  <message>
   <source>at most {} bytes</source>
   <translation>최대 {}바이트</translation>
  </message>
  <message>
   <source>averaging</source>
   <translation>평균</translation>
  </message>
  <message>
   <source>back-analysis</source>
   <translation>역산</translation>
  </message>
  <message>
   <source>band</source>
   <translation>밴드</translation>
  </message>
  <message>
   <source>band name</source>
   <translation>밴드 이름</translation>
  </message>
  <message>
   <source>basins</source>
   <translation>유역</translation>
  </message>
  <message>
   <source>batch</source>
   <translation>일괄 처리</translation>
  </message>
  <message>
   <source>bedrock</source>
   <translation>기반암</translation>
  </message>
  <message>
   <source>below {:,}</source>
   <translation>{:,} 미만</translation>
  </message>
  <message>
   <source>bilinear interpolation</source>
   <translation>이중선형 보간</translation>
  </message>
  <message>
   <source>both failed (TP)</source>
   <translation>둘 다 파괴 (TP)</translation>
  </message>
  <message>
   <source>both in one coordinate system in metres</source>
   <translation>둘 다 미터 단위의 같은 좌표계</translation>
  </message>
  <message>
   <source>both stable (TN)</source>
   <translation>둘 다 안정 (TN)</translation>
  </message>
  <message>
   <source>both, or neither</source>
   <translation>둘 다 주거나 둘 다 빼기</translation>
  </message>
  <message>
   <source>buildings</source>
   <translation>건물</translation>
  </message>
  <message>
   <source>by chance</source>
   <translation>우연</translation>
  </message>
  <message>
   <source>calibr. FS</source>
   <translation>보정 FS</translation>
  </message>
  <message>
   <source>calibrated</source>
   <translation>보정됨</translation>
  </message>
  <message>
   <source>calibrated factor of safety</source>
   <translation>보정한 안전율</translation>
  </message>
  <message>
   <source>calibration</source>
   <translation>보정</translation>
  </message>
  <message>
   <source>can no longer access</source>
   <translation>더 이상 접근할 수 없는 것:</translation>
  </message>
  <message>
   <source>cannot access</source>
   <translation>접근할 수 없는 것:</translation>
  </message>
  <message>
   <source>cannot be aligned to the DEM</source>
   <translation>수치표고모델에 맞출 수 없습니다</translation>
  </message>
  <message>
   <source>cannot be brought from {} into the raster's coordinate system</source>
   <translation>{}에서 래스터의 좌표계로 변환할 수 없습니다</translation>
  </message>
  <message>
   <source>cannot be read completely</source>
   <translation>끝까지 읽을 수 없습니다</translation>
  </message>
  <message>
   <source>cannot be read completely ({})</source>
   <translation>끝까지 읽을 수 없습니다({})</translation>
  </message>
  <message>
   <source>cannot be used with the first-order method, which needs standard deviations</source>
   <translation>표준편차가 필요한 1차 근사법에는 쓸 수 없습니다</translation>
  </message>
  <message>
   <source>cannot write into</source>
   <translation>쓸 수 없는 곳:</translation>
  </message>
  <message>
   <source>cases</source>
   <translation>사례 수</translation>
  </message>
  <message>
   <source>catchments</source>
   <translation>유역</translation>
  </message>
  <message>
   <source>cells [%]</source>
   <translation>셀 [%]</translation>
  </message>
  <message>
   <source>cells of {:g} m are outside {:g} to {:g} m</source>
   <translation>{:g} m 셀은 {:g} ~ {:g} m 밖에 있습니다</translation>
  </message>
  <message>
   <source>cells of {:g} x {:g} m are not square</source>
   <translation>{:g} x {:g} m 셀은 정사각형이 아닙니다</translation>
  </message>
  <message>
   <source>cells with a size above 0</source>
   <translation>크기가 0보다 큰 셀</translation>
  </message>
  <message>
   <source>centimetres</source>
   <translation>센티미터</translation>
  </message>
  <message>
   <source>classes</source>
   <translation>분류</translation>
  </message>
  <message>
   <source>clay has 1.6 m at most</source>
   <translation>점토도 많아야 1.6 m입니다</translation>
  </message>
  <message>
   <source>coarse sand has 0.01 m</source>
   <translation>굵은 모래도 0.01 m입니다</translation>
  </message>
  <message>
   <source>coefficients with a positive numerator and denominator</source>
   <translation>분자와 분모가 양수인 계수</translation>
  </message>
  <message>
   <source>column</source>
   <translation>흙기둥</translation>
  </message>
  <message>
   <source>column '{}' in {}</source>
   <translation>'{}' 열의 단위가 {}입니다</translation>
  </message>
  <message>
   <source>column '{}' in {} is an amount, not an intensity</source>
   <translation>'{}' 열은 단위가 {}(으)로 강우강도가 아니라 강우량입니다</translation>
  </message>
  <message>
   <source>column '{}' is cut short</source>
   <translation>열 '{}'의 이름이 잘렸습니다</translation>
  </message>
  <message>
   <source>column '{}' may mean another quantity than {}</source>
   <translation>'{}' 열은 {}이(가) 아닌 다른 양을 뜻할 수 있습니다</translation>
  </message>
  <message>
   <source>column '{}' may mean {}</source>
   <translation>'{}' 열은 다음을 뜻할 수 있습니다: {}</translation>
  </message>
  <message>
   <source>column '{}' names rasters, which no table can</source>
   <translation>열 '{}'에 래스터 이름이 있습니다. 표에서는 래스터를 지정할 수 없습니다</translation>
  </message>
  <message>
   <source>column IoU below {:g}</source>
   <translation>흙기둥 IoU {:g} 미만</translation>
  </message>
  <message>
   <source>column IoU of {:g} or more</source>
   <translation>흙기둥 IoU {:g} 이상</translation>
  </message>
  <message>
   <source>computed by the physics engine</source>
   <translation>물리 엔진으로 계산했습니다</translation>
  </message>
  <message>
   <source>conductivity times lateral anisotropy = {:.3g} m/s is above {:g} m/s</source>
   <translation>투수계수 곱하기 측방 이방성 = {:.3g} m/s가 {:g} m/s보다 큽니다</translation>
  </message>
  <message>
   <source>conductivity times lateral anisotropy above {} m/s</source>
   <translation>투수계수와 측방 이방성의 곱이 {} m/s 초과</translation>
  </message>
  <message>
   <source>confirm with {}</source>
   <translation>{}(으)로 확인하십시오</translation>
  </message>
  <message>
   <source>confusion matrix</source>
   <translation>혼동 행렬</translation>
  </message>
  <message>
   <source>constant rain (RAINFALL, DURATION)</source>
   <translation>일정한 비 (RAINFALL, DURATION)</translation>
  </message>
  <message>
   <source>contains '{}', of which no class means failed cells</source>
   <translation>'{}'이(가) 들어 있으며, 그 분류 가운데 파괴된 셀을 뜻하는 것이 없습니다</translation>
  </message>
  <message>
   <source>contains '{}', which is not a map of that kind</source>
   <translation>'{}'이(가) 들어 있어 그런 지도가 아닙니다</translation>
  </message>
  <message>
   <source>contains 0 m in {} cells, while all others are above {:g} m</source>
   <translation>셀 {}개가 0 m이고 나머지는 모두 {:g} m보다 높습니다</translation>
  </message>
  <message>
   <source>contains complex numbers</source>
   <translation>복소수가 들어 있습니다</translation>
  </message>
  <message>
   <source>contains features of the type '{}'</source>
   <translation>'{}' 종류의 객체가 들어 있습니다</translation>
  </message>
  <message>
   <source>contains infinite values</source>
   <translation>무한대 값이 있습니다</translation>
  </message>
  <message>
   <source>contains only 0 and 1, like a mask</source>
   <translation>마스크처럼 0과 1만 들어 있습니다</translation>
  </message>
  <message>
   <source>contains the value {:g} m</source>
   <translation>{:g} m인 값이 들어 있습니다</translation>
  </message>
  <message>
   <source>contains values from {:g} to {:g}</source>
   <translation>값이 {:g} ~ {:g}입니다</translation>
  </message>
  <message>
   <source>contains values from {:g} to {:g}, and no name states what they are</source>
   <translation>값이 {:g} ~ {:g}인데, 이름으로는 무엇인지 알 수 없습니다</translation>
  </message>
  <message>
   <source>contains values from {:g} to {:g}, which are not classes</source>
   <translation>값이 {:g} ~ {:g}이므로 분류가 아닙니다</translation>
  </message>
  <message>
   <source>contains values from {:g} to {:g}, which are not valid for this kind of map: {}</source>
   <translation>값이 {:g} ~ {:g}인데, 이 종류의 지도에는 맞지 않습니다: {}</translation>
  </message>
  <message>
   <source>contains values other than 0 (stable), 1 (failed) and 255 (NoData)</source>
   <translation>0(안정), 1(파괴), 255(NoData) 말고 다른 값이 있습니다</translation>
  </message>
  <message>
   <source>contributing area</source>
   <translation>집수면적</translation>
  </message>
  <message>
   <source>contribution to the logit</source>
   <translation>로짓에 대한 기여</translation>
  </message>
  <message>
   <source>coordinates in metres</source>
   <translation>미터 단위의 좌표</translation>
  </message>
  <message>
   <source>count failed cells</source>
   <translation>파괴 셀 집계</translation>
  </message>
  <message>
   <source>cover no cell of {}</source>
   <translation>{}의 셀을 하나도 덮지 않습니다</translation>
  </message>
  <message>
   <source>cover {} cells of the elevation model</source>
   <translation>수치표고모델의 셀 {}개만 덮습니다</translation>
  </message>
  <message>
   <source>dBase and Shapefile keep 10 characters of a name: use a name that holds the whole unit.</source>
   <translation>dBase와 Shapefile은 이름을 10자까지만 저장합니다. 단위 전체가 들어가는 이름을 사용하십시오.</translation>
  </message>
  <message>
   <source>dataset</source>
   <translation>학습 자료</translation>
  </message>
  <message>
   <source>date and time</source>
   <translation>날짜와 시각</translation>
  </message>
  <message>
   <source>decimal commas in '{}' are read as decimal points.</source>
   <translation>'{}'의 소수점 쉼표를 소수점으로 읽습니다.</translation>
  </message>
  <message>
   <source>decimal points instead of commas; texts with commas in quotation marks</source>
   <translation>소수점은 쉼표 대신 마침표로, 쉼표가 든 문자열은 따옴표 안에</translation>
  </message>
  <message>
   <source>decimetres</source>
   <translation>데시미터</translation>
  </message>
  <message>
   <source>declares no unit, and its name '{}' contains the unit {}</source>
   <translation>단위를 선언하지 않았고, 이름 '{}'에 단위 {}이(가) 있습니다</translation>
  </message>
  <message>
   <source>declares the unit '{}' for its values</source>
   <translation>값의 단위가 '{}'(으)로 지정되어 있습니다</translation>
  </message>
  <message>
   <source>declares two units: its {} {}, its {} {}</source>
   <translation>서로 다른 단위가 지정되어 있습니다: {} {}, {} {}</translation>
  </message>
  <message>
   <source>declares {:,} x {:,} cells, but has only {:,} bytes</source>
   <translation>에 셀이 {:,} x {:,}개라고 되어 있으나 {:,}바이트뿐입니다</translation>
  </message>
  <message>
   <source>deep learning</source>
   <translation>딥러닝</translation>
  </message>
  <message>
   <source>default FS</source>
   <translation>기본 FS</translation>
  </message>
  <message>
   <source>default factor of safety</source>
   <translation>기본값의 안전율</translation>
  </message>
  <message>
   <source>demo</source>
   <translation>시연</translation>
  </message>
  <message>
   <source>dense gravel has about 45 deg</source>
   <translation>조밀한 자갈이 약 45도입니다</translation>
  </message>
  <message>
   <source>depths</source>
   <translation>깊이</translation>
  </message>
  <message>
   <source>description</source>
   <translation>설명</translation>
  </message>
  <message>
   <source>diagnosis</source>
   <translation>진단</translation>
  </message>
  <message>
   <source>digits are grouped; write {}</source>
   <translation>자릿수가 구분되어 있습니다. {}(으)로 쓰십시오</translation>
  </message>
  <message>
   <source>downward flow is rarely easier than flow along the slope</source>
   <translation>연직 아래로의 흐름이 사면 방향의 흐름보다 쉬운 일은 드뭅니다</translation>
  </message>
  <message>
   <source>drainage over the edges</source>
   <translation>가장자리 배수</translation>
  </message>
  <message>
   <source>each column once</source>
   <translation>열마다 한 번</translation>
  </message>
  <message>
   <source>each quantity once</source>
   <translation>양마다 한 번</translation>
  </message>
  <message>
   <source>eastward aspect</source>
   <translation>동향</translation>
  </message>
  <message>
   <source>elevation</source>
   <translation>표고</translation>
  </message>
  <message>
   <source>elevation.tif, soil_depth.tif, scenarios.csv and landslides.gpkg are written here. Earlier example data are replaced, other files of these names are not.</source>
   <translation>elevation.tif, soil_depth.tif, scenarios.csv, landslides.gpkg를 여기에 씁니다. 이전의 예제 자료는 바꾸지만 이름이 같은 다른 파일은 바꾸지 않습니다.</translation>
  </message>
  <message>
   <source>elevations, with missing data declared as NoData</source>
   <translation>표고, 그리고 NoData로 지정된 결측값</translation>
  </message>
  <message>
   <source>empty, or 0 for this architecture</source>
   <translation>비워 두거나, 이 구조에서는 0</translation>
  </message>
  <message>
   <source>en</source>
   <translation>ko</translation>
  </message>
  <message>
   <source>end</source>
   <translation>끝</translation>
  </message>
  <message>
   <source>ends of the intervals, the first of which begins at 0 h; if the hours are starts, enter the end of each interval; delete a first row that only marks the start</source>
   <translation>구간의 끝 시각(첫 구간은 0 h에 시작). 시각이 구간의 시작이면 각 구간의 끝을 입력하고, 시작만 표시하는 첫 행은 삭제하십시오</translation>
  </message>
  <message>
   <source>estimated soil depth ({}, {} to {})</source>
   <translation>추정 토심({}, {} ~ {})</translation>
  </message>
  <message>
   <source>estimated: {}, {:g} to {:g} m</source>
   <translation>추정: {}, {:g}~{:g} m</translation>
  </message>
  <message>
   <source>even glacial till weighs less; only rock weighs more</source>
   <translation>빙력토도 이보다 가볍고 암석은 더 무겁습니다</translation>
  </message>
  <message>
   <source>even sand has less</source>
   <translation>모래도 이보다 작습니다</translation>
  </message>
  <message>
   <source>even the residual friction angle of the weakest clays is about 5 deg</source>
   <translation>가장 약한 점토의 잔류 내부마찰각도 약 5도입니다</translation>
  </message>
  <message>
   <source>even very organic clay weighs that much</source>
   <translation>유기질이 매우 많은 점토도 그만큼 무겁습니다</translation>
  </message>
  <message>
   <source>example</source>
   <translation>예제</translation>
  </message>
  <message>
   <source>exfiltration</source>
   <translation>용출</translation>
  </message>
  <message>
   <source>expected to agree with the physics engine; no doubtful input</source>
   <translation>물리 엔진과 일치할 것으로 예상되며 의심스러운 입력이 없습니다</translation>
  </message>
  <message>
   <source>exposure</source>
   <translation>노출</translation>
  </message>
  <message>
   <source>factor of safety</source>
   <translation>안전율</translation>
  </message>
  <message>
   <source>factor of safety below {:.9g}</source>
   <translation>안전율 {:.9g} 미만</translation>
  </message>
  <message>
   <source>failed (FS &lt; 1)</source>
   <translation>파괴 (FS &lt; 1)</translation>
  </message>
  <message>
   <source>failed (FS below 1)</source>
   <translation>파괴(FS 1 미만)</translation>
  </message>
  <message>
   <source>failed areas</source>
   <translation>파괴 구역</translation>
  </message>
  <message>
   <source>failed at the bedrock</source>
   <translation>기반암에서 파괴</translation>
  </message>
  <message>
   <source>failed at the wetting front</source>
   <translation>습윤전선에서 파괴</translation>
  </message>
  <message>
   <source>failed by both</source>
   <translation>둘 다 파괴</translation>
  </message>
  <message>
   <source>failed by the engine only</source>
   <translation>엔진에서만 파괴</translation>
  </message>
  <message>
   <source>failed by the network only</source>
   <translation>신경망에서만 파괴</translation>
  </message>
  <message>
   <source>failed cells [%]</source>
   <translation>파괴 셀 [%]</translation>
  </message>
  <message>
   <source>failed cells of the engine</source>
   <translation>물리 엔진의 파괴 셀 수</translation>
  </message>
  <message>
   <source>failed cells of the engine (power of ten)</source>
   <translation>물리 엔진의 파괴 셀 수(10의 거듭제곱)</translation>
  </message>
  <message>
   <source>failed in both (TP)</source>
   <translation>둘 다 파괴(TP)</translation>
  </message>
  <message>
   <source>failed in this event</source>
   <translation>이 강우에 파괴</translation>
  </message>
  <message>
   <source>failed only in the engine (FN)</source>
   <translation>물리 엔진에서만 파괴(FN)</translation>
  </message>
  <message>
   <source>failed only in the prediction (FP)</source>
   <translation>예측에서만 파괴(FP)</translation>
  </message>
  <message>
   <source>failed: 0.8 to 0.9</source>
   <translation>파괴: 0.8 ~ 0.9</translation>
  </message>
  <message>
   <source>failed: 0.9 to 1</source>
   <translation>파괴: 0.9 ~ 1</translation>
  </message>
  <message>
   <source>failed: below 0.8</source>
   <translation>파괴: 0.8 미만</translation>
  </message>
  <message>
   <source>fails first in scenario '{}'</source>
   <translation>시나리오 '{}'에서 처음 파괴</translation>
  </message>
  <message>
   <source>fails in none</source>
   <translation>파괴 없음</translation>
  </message>
  <message>
   <source>fails in the event</source>
   <translation>강우 중에 파괴</translation>
  </message>
  <message>
   <source>failure class 1 or 2</source>
   <translation>파괴 유형 1 또는 2</translation>
  </message>
  <message>
   <source>failure mask</source>
   <translation>파괴 마스크</translation>
  </message>
  <message>
   <source>failure mask, probability, factor of safety or classes</source>
   <translation>파괴 마스크, 확률, 안전율 또는 분류</translation>
  </message>
  <message>
   <source>failure times</source>
   <translation>파괴 시각</translation>
  </message>
  <message>
   <source>false-alarm rate</source>
   <translation>오경보율</translation>
  </message>
  <message>
   <source>feature {}</source>
   <translation>객체 {}</translation>
  </message>
  <message>
   <source>feature {} cannot be brought into the raster's coordinate system ({})</source>
   <translation>객체 {}을(를) 래스터의 좌표계로 바꿀 수 없습니다 ({})</translation>
  </message>
  <message>
   <source>features on valid cells of the map</source>
   <translation>지도의 유효 셀 위에 있는 객체</translation>
  </message>
  <message>
   <source>feet</source>
   <translation>피트</translation>
  </message>
  <message>
   <source>field '{}' in {}</source>
   <translation>'{}' 필드의 단위가 {}입니다</translation>
  </message>
  <message>
   <source>file '{}'</source>
   <translation>파일 '{}'</translation>
  </message>
  <message>
   <source>fine-tuning</source>
   <translation>미세 조정</translation>
  </message>
  <message>
   <source>from</source>
   <translation>하한</translation>
  </message>
  <message>
   <source>geology</source>
   <translation>지질</translation>
  </message>
  <message>
   <source>geometries within the area of use of their coordinate system</source>
   <translation>좌표계의 사용 영역 안에 있는 도형</translation>
  </message>
  <message>
   <source>give no positive intensity for {:g} min and {:g} yr</source>
   <translation>{:g}분과 {:g}년에 대해 양의 강도를 주지 않습니다</translation>
  </message>
  <message>
   <source>grass roots deeper</source>
   <translation>풀뿌리도 이보다 깊습니다</translation>
  </message>
  <message>
   <source>grass weighs more</source>
   <translation>풀도 이보다 무겁습니다</translation>
  </message>
  <message>
   <source>groundwater</source>
   <translation>지하수</translation>
  </message>
  <message>
   <source>has a band named '{}', whose unit cannot be converted</source>
   <translation>밴드 이름 '{}'의 단위를 변환할 수 없습니다</translation>
  </message>
  <message>
   <source>has a coordinate system with heights in {}, and its values have no unit of their own</source>
   <translation>좌표계의 높이 단위는 {}인데 값 자체의 단위가 지정되어 있지 않습니다</translation>
  </message>
  <message>
   <source>has a line of {:,} characters</source>
   <translation>에 {:,}자인 줄이 있습니다</translation>
  </message>
  <message>
   <source>has a vertical coordinate system of depths, which grow downwards (in {})</source>
   <translation>수직 좌표계가 아래로 갈수록 커지는 깊이입니다 (단위 {})</translation>
  </message>
  <message>
   <source>has another coordinate system than the predicted mask</source>
   <translation>예측 마스크와 좌표계가 다릅니다</translation>
  </message>
  <message>
   <source>has cells of {:g} x {:g}</source>
   <translation>의 셀이 {:g} x {:g}입니다</translation>
  </message>
  <message>
   <source>has coordinates in {}, and the DEM has no coordinate system</source>
   <translation>좌표 단위가 {}인데 수치표고모델에 좌표계가 없습니다</translation>
  </message>
  <message>
   <source>has coordinates that look like degrees (cells of {:g}), and its coordinate system '{}' is in metres</source>
   <translation>좌표가 도 단위로 보이지만(셀 크기 {:g}) 좌표계 '{}'은(는) 미터 단위입니다</translation>
  </message>
  <message>
   <source>has more than {:,} rows</source>
   <translation>의 행이 {:,}개를 넘습니다</translation>
  </message>
  <message>
   <source>has no band {} that contains data</source>
   <translation>자료가 든 {}번 밴드가 없습니다</translation>
  </message>
  <message>
   <source>has no case to train on</source>
   <translation>학습할 사례가 없습니다</translation>
  </message>
  <message>
   <source>has no column '{}'; its columns are {}</source>
   <translation>'{}' 열이 없습니다. 있는 열: {}</translation>
  </message>
  <message>
   <source>has no column of a parameter; its columns are {}</source>
   <translation>매개변수의 열이 없습니다. 있는 열: {}</translation>
  </message>
  <message>
   <source>has no coordinate system, and cells of {:g} look like degrees</source>
   <translation>좌표계가 없고 셀 크기 {:g}은(는) 도 단위로 보입니다</translation>
  </message>
  <message>
   <source>has no coordinate system, and its heights differ by {:g} m over cells of {:g}: are these degrees?</source>
   <translation>좌표계가 없고 이웃 셀의 높이가 {:g} m 차이 나는데 셀 크기는 {:g}입니다. 셀 크기가 도 단위입니까?</translation>
  </message>
  <message>
   <source>has no feature on a cell that is evaluated</source>
   <translation>평가하는 셀 위에 객체가 없습니다</translation>
  </message>
  <message>
   <source>has no feature within the elevation model</source>
   <translation>수치표고모델 범위 안에 피처가 없습니다</translation>
  </message>
  <message>
   <source>has no georeference{}</source>
   <translation>지리 참조가 없습니다{}</translation>
  </message>
  <message>
   <source>has no rows</source>
   <translation>행이 없습니다</translation>
  </message>
  <message>
   <source>has no valid cell</source>
   <translation>유효한 셀이 없습니다</translation>
  </message>
  <message>
   <source>has no valid cell in common with the predicted mask</source>
   <translation>예측 마스크와 공통된 유효 셀이 없습니다</translation>
  </message>
  <message>
   <source>has no valid cell in the DEM</source>
   <translation>DEM에 유효한 셀이 없습니다</translation>
  </message>
  <message>
   <source>has no valid cell within the DEM</source>
   <translation>수치표고모델 안에 유효한 셀이 없습니다</translation>
  </message>
  <message>
   <source>has steps of more than {:.0f} m around {} cells, and only {} other cells</source>
   <translation>{:.0f} m를 넘는 단차로 둘러싸인 셀이 {}개인데, 나머지 셀은 {}개뿐입니다</translation>
  </message>
  <message>
   <source>has the Z_FACTOR {} in '{}', which is not applied</source>
   <translation>Z_FACTOR {}이(가) '{}'에 있으나 적용되지 않습니다</translation>
  </message>
  <message>
   <source>has the scale {:.7g} and the unit {}: the scale seems to convert the unit already</source>
   <translation>축척 {:.7g}과(와) 단위 {}이(가) 함께 있습니다: 축척이 이미 단위를 변환하는 것으로 보입니다</translation>
  </message>
  <message>
   <source>has {:,} cells, which need about {} of memory; {} may be used</source>
   <translation>의 셀은 {:,}개로 약 {}의 메모리가 필요하지만 {}까지 쓸 수 있습니다</translation>
  </message>
  <message>
   <source>has {:,} columns</source>
   <translation>의 열이 {:,}개입니다</translation>
  </message>
  <message>
   <source>has {} bands, and no band name identifies the one with: {}</source>
   <translation>밴드가 {}개인데 어느 밴드에 다음 값이 있는지 이름으로 알 수 없습니다: {}</translation>
  </message>
  <message>
   <source>has {} cells</source>
   <translation>셀이 {}입니다</translation>
  </message>
  <message>
   <source>has {} cells, but there are {} titles</source>
   <translation>셀은 {}개인데 열 제목은 {}개입니다</translation>
  </message>
  <message>
   <source>has {} x {} cells</source>
   <translation>셀이 {} x {}입니다</translation>
  </message>
  <message>
   <source>has {} x {} cells of {:g} m on another grid than the {} x {} cells of {:g} m of the predicted mask</source>
   <translation>{} x {}셀({:g} m)이며 예측 마스크의 {} x {}셀({:g} m)과 격자가 다릅니다</translation>
  </message>
  <message>
   <source>has {}; nothing was run (row 1 is the first below the header){}</source>
   <translation>{}. 아무것도 실행하지 않았습니다 (1행은 제목 줄 바로 아래){}</translation>
  </message>
  <message>
   <source>have no valid cell in common</source>
   <translation>공통된 유효 셀이 없습니다</translation>
  </message>
  <message>
   <source>have no value in the DEM</source>
   <translation>DEM에 값이 없습니다</translation>
  </message>
  <message>
   <source>hazard class</source>
   <translation>위험 등급</translation>
  </message>
  <message>
   <source>hazard map</source>
   <translation>위험 지도</translation>
  </message>
  <message>
   <source>header</source>
   <translation>제목 줄</translation>
  </message>
  <message>
   <source>heights</source>
   <translation>높이</translation>
  </message>
  <message>
   <source>heights in metres</source>
   <translation>m 단위의 높이</translation>
  </message>
  <message>
   <source>heights, which grow upwards</source>
   <translation>위로 갈수록 커지는 높이</translation>
  </message>
  <message>
   <source>high</source>
   <translation>높음</translation>
  </message>
  <message>
   <source>hillslopes conduct up to some 100 times as well as cores of their soil</source>
   <translation>산비탈 전체의 투수계수는 흙 시료의 100배쯤까지입니다</translation>
  </message>
  <message>
   <source>hit rate</source>
   <translation>적중률</translation>
  </message>
  <message>
   <source>hours such as '6, 12, 24', or 'every 6'</source>
   <translation>'6, 12, 24' 같은 시각 또는 'every 6'</translation>
  </message>
  <message>
   <source>hours that increase from row to row (ends of the intervals)</source>
   <translation>행마다 커지는 시각(구간의 끝)</translation>
  </message>
  <message>
   <source>hyetograph</source>
   <translation>우량주상도</translation>
  </message>
  <message>
   <source>hyetograph of {}</source>
   <translation>{} 우량주상도</translation>
  </message>
  <message>
   <source>in 25 to 50 %</source>
   <translation>25~50 %에서</translation>
  </message>
  <message>
   <source>in 50 to 75 %</source>
   <translation>50~75 %에서</translation>
  </message>
  <message>
   <source>in all</source>
   <translation>전부에서</translation>
  </message>
  <message>
   <source>in more than 75 %, but not all</source>
   <translation>75 % 초과, 전부는 아님</translation>
  </message>
  <message>
   <source>in none</source>
   <translation>없음</translation>
  </message>
  <message>
   <source>in up to 25 %</source>
   <translation>25 % 이하에서</translation>
  </message>
  <message>
   <source>in {}</source>
   <translation>{} 단위</translation>
  </message>
  <message>
   <source>inches</source>
   <translation>인치</translation>
  </message>
  <message>
   <source>infinite slope</source>
   <translation>무한사면</translation>
  </message>
  <message>
   <source>inflow from outside the DEM possible</source>
   <translation>DEM 밖에서 유입 가능</translation>
  </message>
  <message>
   <source>initial</source>
   <translation>초기</translation>
  </message>
  <message>
   <source>installation</source>
   <translation>설치</translation>
  </message>
  <message>
   <source>installed, but cannot be loaded: {}</source>
   <translation>설치되어 있지만 불러올 수 없음: {}</translation>
  </message>
  <message>
   <source>intensity-duration-frequency</source>
   <translation>강우강도-지속시간-빈도</translation>
  </message>
  <message>
   <source>inventory</source>
   <translation>목록</translation>
  </message>
  <message>
   <source>is NULL</source>
   <translation>NULL입니다</translation>
  </message>
  <message>
   <source>is a colour picture of {} bands</source>
   <translation>밴드 {}개로 된 컬러 영상입니다</translation>
  </message>
  <message>
   <source>is a map that the paper's network does not read</source>
   <translation>논문의 신경망이 읽지 않는 지도입니다</translation>
  </message>
  <message>
   <source>is a table without geometries</source>
   <translation>도형이 없는 표입니다</translation>
  </message>
  <message>
   <source>is an option of the paper's network only</source>
   <translation>논문의 신경망에만 쓰는 옵션입니다</translation>
  </message>
  <message>
   <source>is empty</source>
   <translation>비어 있습니다</translation>
  </message>
  <message>
   <source>is in a projection in which one metre here measures {:.3g} m: slopes and areas would be wrong</source>
   <translation>이곳의 1 m가 {:.3g} m로 나타나는 투영입니다. 경사와 면적이 틀리게 됩니다</translation>
  </message>
  <message>
   <source>is in a projection in which one metre here measures {:.3g} to {:.3g} m, depending on direction: slopes would be wrong and depend on aspect</source>
   <translation>이곳의 1 m가 방향에 따라 {:.3g} ~ {:.3g} m로 나타나는 투영입니다. 경사가 틀리고 사면향에 따라 달라집니다</translation>
  </message>
  <message>
   <source>is in {}, not in metres</source>
   <translation>단위가 미터가 아니라 {}입니다</translation>
  </message>
  <message>
   <source>is missing</source>
   <translation>없습니다</translation>
  </message>
  <message>
   <source>is missing; a soil depth was given without it</source>
   <translation>빠져 있습니다. 토심만 지정되었습니다</translation>
  </message>
  <message>
   <source>is not a parameter of this tool</source>
   <translation>이 도구의 매개변수가 아닙니다</translation>
  </message>
  <message>
   <source>is not a scenario parameter</source>
   <translation>시나리오의 매개변수가 아닙니다</translation>
  </message>
  <message>
   <source>is not in a projected coordinate system (its cells are in degrees)</source>
   <translation>투영좌표계가 아닙니다 (셀의 단위가 도입니다)</translation>
  </message>
  <message>
   <source>is rotated or sheared</source>
   <translation>회전되었거나 기울어져 있습니다</translation>
  </message>
  <message>
   <source>is specified more than once: by {}</source>
   <translation>두 번 이상 지정되었습니다: {}</translation>
  </message>
  <message>
   <source>is specified together with a rainfall raster (RAINFALL_LAYER)</source>
   <translation>강우 래스터(RAINFALL_LAYER)와 함께 지정되었습니다</translation>
  </message>
  <message>
   <source>is the elevation itself</source>
   <translation>표고 자체입니다</translation>
  </message>
  <message>
   <source>it does not read back as it was written</source>
   <translation>쓴 내용과 다시 읽은 내용이 다릅니다</translation>
  </message>
  <message>
   <source>it gives wrong results for a stored test scenario</source>
   <translation>저장된 시험 시나리오에서 틀린 결과를 냅니다</translation>
  </message>
  <message>
   <source>it has a comma; write {} or {}, whichever is meant</source>
   <translation>쉼표가 있습니다. 뜻에 따라 {} 또는 {}(으)로 쓰십시오</translation>
  </message>
  <message>
   <source>it has a decimal comma; write {}</source>
   <translation>소수점 쉼표가 있습니다. {}(으)로 쓰십시오</translation>
  </message>
  <message>
   <source>it has the unit {}; write only the number, in the required unit (in a table, name the unit in the column title)</source>
   <translation>단위 {}이(가) 붙어 있습니다; 요구되는 단위로 수만 쓰십시오(표에서는 열 제목에 단위를 쓰십시오)</translation>
  </message>
  <message>
   <source>it was not trained on {}.</source>
   <translation>{}은(는) 학습하지 않았습니다.</translation>
  </message>
  <message>
   <source>its metadata file '{}' has a size of {:,.1f} MB</source>
   <translation>그 메타데이터 파일 '{}'의 크기가 {:,.1f} MB입니다</translation>
  </message>
  <message>
   <source>its model card would replace '{}', which is not a model card</source>
   <translation>모델 카드가 모델 카드가 아닌 '{}'을(를) 바꾸게 됩니다</translation>
  </message>
  <message>
   <source>kilometres</source>
   <translation>킬로미터</translation>
  </message>
  <message>
   <source>landslide</source>
   <translation>산사태</translation>
  </message>
  <message>
   <source>landslides in two or more separate parts of the area, with stable cells in each</source>
   <translation>영역 안의 서로 떨어진 두 곳 이상에 있는 산사태와 각 곳의 안정 셀</translation>
  </message>
  <message>
   <source>landslides on a part of the area</source>
   <translation>영역의 일부에 있는 산사태</translation>
  </message>
  <message>
   <source>layers that overlap</source>
   <translation>서로 겹치는 레이어</translation>
  </message>
  <message>
   <source>layers that overlap the terrain</source>
   <translation>지형과 겹치는 레이어</translation>
  </message>
  <message>
   <source>least: {}; greatest: {}</source>
   <translation>최소: {}; 최대: {}</translation>
  </message>
  <message>
   <source>leave no stable cell to evaluate</source>
   <translation>평가할 안정 셀을 남기지 않습니다</translation>
  </message>
  <message>
   <source>leave {} cells that are {:g} m or more away from them</source>
   <translation>남는 셀이 {}개뿐입니다(산사태에서 {:g} m 이상 떨어진 셀)</translation>
  </message>
  <message>
   <source>log factor of safety</source>
   <translation>로그 안전율</translation>
  </message>
  <message>
   <source>loose dry sand weighs more</source>
   <translation>느슨한 마른 모래도 이보다 무겁습니다</translation>
  </message>
  <message>
   <source>low</source>
   <translation>낮음</translation>
  </message>
  <message>
   <source>map</source>
   <translation>지도</translation>
  </message>
  <message>
   <source>map to evaluate</source>
   <translation>평가할 지도</translation>
  </message>
  <message>
   <source>masks in one coordinate system</source>
   <translation>같은 좌표계의 마스크</translation>
  </message>
  <message>
   <source>masks that overlap</source>
   <translation>서로 겹치는 마스크</translation>
  </message>
  <message>
   <source>maximum value searched</source>
   <translation>탐색하는 최댓값</translation>
  </message>
  <message>
   <source>mean over the test set</source>
   <translation>시험 사례의 평균</translation>
  </message>
  <message>
   <source>metadata</source>
   <translation>메타데이터</translation>
  </message>
  <message>
   <source>metres</source>
   <translation>미터</translation>
  </message>
  <message>
   <source>metrics</source>
   <translation>지표</translation>
  </message>
  <message>
   <source>millimetres</source>
   <translation>밀리미터</translation>
  </message>
  <message>
   <source>minimum value searched</source>
   <translation>탐색하는 최솟값</translation>
  </message>
  <message>
   <source>missing: install the Python bindings of GDAL (python3-gdal)</source>
   <translation>없음: GDAL의 Python 바인딩(python3-gdal)을 설치하십시오</translation>
  </message>
  <message>
   <source>missing: it is part of QGIS; reinstall QGIS</source>
   <translation>없음: QGIS에 들어 있는 것이므로 QGIS를 다시 설치하십시오</translation>
  </message>
  <message>
   <source>missing: needed to read the weights of the network; install it with pip, like torch</source>
   <translation>없음: 신경망 가중치를 읽는 데 필요합니다. torch처럼 pip으로 설치하십시오</translation>
  </message>
  <message>
   <source>missing: optional; it makes the physics engine several times faster</source>
   <translation>없음: 선택 사항이며 물리 엔진을 몇 배 빠르게 합니다</translation>
  </message>
  <message>
   <source>model confidence</source>
   <translation>모델 신뢰도</translation>
  </message>
  <message>
   <source>more than 2 m</source>
   <translation>2 m 초과</translation>
  </message>
  <message>
   <source>more than 3 m</source>
   <translation>3 m 초과</translation>
  </message>
  <message>
   <source>more than 4 m</source>
   <translation>4 m 초과</translation>
  </message>
  <message>
   <source>more than 400 mm</source>
   <translation>400 mm 초과</translation>
  </message>
  <message>
   <source>more than 48 h</source>
   <translation>48 h 초과</translation>
  </message>
  <message>
   <source>more than 6 m</source>
   <translation>6 m 초과</translation>
  </message>
  <message>
   <source>more than 64 mm/h</source>
   <translation>64 mm/h 초과</translation>
  </message>
  <message>
   <source>must be {}</source>
   <translation>{}이어야 함</translation>
  </message>
  <message>
   <source>n of van Genuchten</source>
   <translation>van Genuchten의 n</translation>
  </message>
  <message>
   <source>nearly all pores of the soil would be dry; the moisture deficit is not the porosity</source>
   <translation>흙의 공극이 거의 모두 비어 있다는 뜻이 됩니다. 수분 부족량은 공극률이 아닙니다</translation>
  </message>
  <message>
   <source>need up to {} in '{}', where {} are free</source>
   <translation>에 최대 {}이(가) '{}'에 필요하지만 {}만 비어 있습니다</translation>
  </message>
  <message>
   <source>need up to {} of intermediate results in '{}', where {} are free</source>
   <translation>중간 결과에 최대 {}가 '{}'에 필요하지만 남은 공간은 {}입니다</translation>
  </message>
  <message>
   <source>needs an elevation model</source>
   <translation>수치표고모델이 필요합니다</translation>
  </message>
  <message>
   <source>needs the network, and the solver chosen is the physics engine</source>
   <translation>신경망이 필요한데, 고른 해석기는 물리 엔진입니다</translation>
  </message>
  <message>
   <source>needs the network, which cannot run: torch or safetensors is not installed or does not load</source>
   <translation>신경망이 필요한데, 실행할 수 없습니다: torch 또는 safetensors가 설치되지 않았거나 불러올 수 없습니다</translation>
  </message>
  <message>
   <source>network</source>
   <translation>신경망</translation>
  </message>
  <message>
   <source>network {}</source>
   <translation>신경망 {}</translation>
  </message>
  <message>
   <source>no</source>
   <translation>아니요</translation>
  </message>
  <message>
   <source>no cell fails, but the network expects about {:.2g} to fail with the physics engine; confirm with {}</source>
   <translation>파괴되는 셀은 없지만, 신경망은 물리 엔진에서 약 {:.2g}개가 파괴될 것으로 예상합니다. {}(으)로 확인하십시오</translation>
  </message>
  <message>
   <source>no column of soil depths: they are a raster (SOIL_DEPTH)</source>
   <translation>토심 열은 쓸 수 없습니다: 토심은 래스터(SOIL_DEPTH)로 줍니다</translation>
  </message>
  <message>
   <source>no influence</source>
   <translation>영향 없음</translation>
  </message>
  <message>
   <source>no number is given</source>
   <translation>숫자가 입력되지 않았습니다</translation>
  </message>
  <message>
   <source>no scheduler responds at {} within {:g} s ({})</source>
   <translation>{}에서 {:g}초 안에 응답하는 스케줄러가 없습니다({})</translation>
  </message>
  <message>
   <source>none</source>
   <translation>없음</translation>
  </message>
  <message>
   <source>none in {}: reinstall the plugin, or specify a weights file as MODEL</source>
   <translation>{}에 없음: 플러그인을 다시 설치하거나 MODEL에 가중치 파일을 지정하십시오</translation>
  </message>
  <message>
   <source>none is chosen</source>
   <translation>고른 것이 없습니다</translation>
  </message>
  <message>
   <source>none is on a valid cell of the elevation model</source>
   <translation>수치표고모델의 유효 셀 위에 있는 것이 없습니다</translation>
  </message>
  <message>
   <source>none of {} is on a valid cell of the elevation model</source>
   <translation>{}개 가운데 수치표고모델의 유효 셀 위에 있는 것이 없습니다</translation>
  </message>
  <message>
   <source>none: stable</source>
   <translation>없음: 안정</translation>
  </message>
  <message>
   <source>normal or triangular</source>
   <translation>정규 또는 삼각</translation>
  </message>
  <message>
   <source>northward aspect</source>
   <translation>북향</translation>
  </message>
  <message>
   <source>not installed</source>
   <translation>설치되지 않음</translation>
  </message>
  <message>
   <source>numbers, and NoData where nothing is known</source>
   <translation>숫자, 값을 모르는 곳은 NoData</translation>
  </message>
  <message>
   <source>one of its bands: {}</source>
   <translation>이 래스터의 밴드 가운데 하나: {}</translation>
  </message>
  <message>
   <source>one of them</source>
   <translation>그 가운데 하나</translation>
  </message>
  <message>
   <source>one of them: {}</source>
   <translation>다음 중 하나: {}</translation>
  </message>
  <message>
   <source>one of these names</source>
   <translation>이 이름 가운데 하나</translation>
  </message>
  <message>
   <source>one raster for all rows, chosen in the form; delete the column</source>
   <translation>모든 행에 공통인 래스터 하나를 입력 창에서 선택하고 이 열은 삭제하십시오</translation>
  </message>
  <message>
   <source>one row or more, with the columns hour and rainfall</source>
   <translation>hour와 rainfall 열이 있는 행 하나 이상</translation>
  </message>
  <message>
   <source>one run at a time</source>
   <translation>한 번에 한 실행</translation>
  </message>
  <message>
   <source>one that has a value</source>
   <translation>값이 있는 표현식</translation>
  </message>
  <message>
   <source>one unit</source>
   <translation>하나의 단위</translation>
  </message>
  <message>
   <source>one version for all cases</source>
   <translation>모든 사례에 같은 버전</translation>
  </message>
  <message>
   <source>one {} for all rows, chosen in the form</source>
   <translation>모든 행에 하나의 {}(양식에서 선택)</translation>
  </message>
  <message>
   <source>only clean gravel has such a high conductivity</source>
   <translation>투수계수가 이만큼 큰 흙은 깨끗한 자갈뿐입니다</translation>
  </message>
  <message>
   <source>only in the reference (FN)</source>
   <translation>기준에만 있음 (FN)</translation>
  </message>
  <message>
   <source>only old natural forests have that much</source>
   <translation>이만큼 큰 값은 오래된 천연림뿐입니다</translation>
  </message>
  <message>
   <source>only predicted (FP)</source>
   <translation>예측에만 있음 (FP)</translation>
  </message>
  <message>
   <source>only unweathered clay has such a low conductivity</source>
   <translation>투수계수가 이만큼 작은 흙은 풍화되지 않은 점토뿐입니다</translation>
  </message>
  <message>
   <source>only {} failed cells: single cells may be missed or added</source>
   <translation>파괴 셀이 {}개뿐이므로 한두 셀이 빠지거나 더해질 수 있습니다</translation>
  </message>
  <message>
   <source>outside the training of the network; do not rely on it</source>
   <translation>신경망의 학습 범위를 벗어났습니다. 이 결과에 의존하지 마십시오</translation>
  </message>
  <message>
   <source>outside {}</source>
   <translation>{} 밖</translation>
  </message>
  <message>
   <source>paper</source>
   <translation>논문</translation>
  </message>
  <message>
   <source>perfect calibration</source>
   <translation>완전한 보정</translation>
  </message>
  <message>
   <source>physics engine</source>
   <translation>물리 엔진</translation>
  </message>
  <message>
   <source>plan curvature</source>
   <translation>평면 곡률</translation>
  </message>
  <message>
   <source>points on the elevation model</source>
   <translation>수치표고모델 위의 지점</translation>
  </message>
  <message>
   <source>points where no landslide is mapped</source>
   <translation>산사태가 조사되지 않은 곳의 지점</translation>
  </message>
  <message>
   <source>pointwise</source>
   <translation>셀별</translation>
  </message>
  <message>
   <source>polygonize</source>
   <translation>폴리곤화</translation>
  </message>
  <message>
   <source>polygons</source>
   <translation>폴리곤</translation>
  </message>
  <message>
   <source>print layout</source>
   <translation>인쇄 조판</translation>
  </message>
  <message>
   <source>probability</source>
   <translation>확률</translation>
  </message>
  <message>
   <source>probability of {:.9g} or more</source>
   <translation>확률 {:.9g} 이상</translation>
  </message>
  <message>
   <source>process {} on {}, since {} UTC</source>
   <translation>프로세스 {}, {}, {} UTC부터</translation>
  </message>
  <message>
   <source>profile curvature</source>
   <translation>종단 곡률</translation>
  </message>
  <message>
   <source>rain</source>
   <translation>비</translation>
  </message>
  <message>
   <source>rainfall</source>
   <translation>강우</translation>
  </message>
  <message>
   <source>rainfall raster, {}</source>
   <translation>강우 래스터, {}</translation>
  </message>
  <message>
   <source>ranking by</source>
   <translation>순위 기준</translation>
  </message>
  <message>
   <source>raster</source>
   <translation>래스터</translation>
  </message>
  <message>
   <source>rasterize</source>
   <translation>래스터화</translation>
  </message>
  <message>
   <source>rasters of {} were not part of the training</source>
   <translation>{} 래스터는 학습에 없었습니다</translation>
  </message>
  <message>
   <source>real numbers</source>
   <translation>실수</translation>
  </message>
  <message>
   <source>regolith</source>
   <translation>표토</translation>
  </message>
  <message>
   <source>relative error {:.1e}</source>
   <translation>상대오차 {:.1e}</translation>
  </message>
  <message>
   <source>relative height</source>
   <translation>상대 높이</translation>
  </message>
  <message>
   <source>reliability</source>
   <translation>신뢰도</translation>
  </message>
  <message>
   <source>report</source>
   <translation>보고서</translation>
  </message>
  <message>
   <source>return period</source>
   <translation>재현기간</translation>
  </message>
  <message>
   <source>roads</source>
   <translation>도로</translation>
  </message>
  <message>
   <source>roots add either no cohesion (0) or more than this</source>
   <translation>뿌리가 더하는 점착력은 없거나(0) 이보다 큽니다</translation>
  </message>
  <message>
   <source>row {}</source>
   <translation>{}행</translation>
  </message>
  <message>
   <source>rows that run east-west and columns that run north-south</source>
   <translation>동서로 놓인 행과 남북으로 놓인 열</translation>
  </message>
  <message>
   <source>rows {}</source>
   <translation>{}행</translation>
  </message>
  <message>
   <source>run {}</source>
   <translation>실행 {}</translation>
  </message>
  <message>
   <source>runoff</source>
   <translation>유출</translation>
  </message>
  <message>
   <source>scenario</source>
   <translation>시나리오</translation>
  </message>
  <message>
   <source>scenario ({})</source>
   <translation>시나리오 ({})</translation>
  </message>
  <message>
   <source>scenarios</source>
   <translation>시나리오</translation>
  </message>
  <message>
   <source>see the warnings above</source>
   <translation>위의 경고를 보십시오</translation>
  </message>
  <message>
   <source>share failed in the engine</source>
   <translation>물리 엔진에서 파괴된 비율</translation>
  </message>
  <message>
   <source>share of the area, from the least stable cells</source>
   <translation>면적 비율, 가장 불안정한 셀부터</translation>
  </message>
  <message>
   <source>share of the landslide cells</source>
   <translation>산사태 셀의 비율</translation>
  </message>
  <message>
   <source>shift east [m]</source>
   <translation>동쪽으로 이동 [m]</translation>
  </message>
  <message>
   <source>shift north [m]</source>
   <translation>북쪽으로 이동 [m]</translation>
  </message>
  <message>
   <source>sides that differ by at most 10 %</source>
   <translation>10 % 이하로 차이 나는 변</translation>
  </message>
  <message>
   <source>simulation</source>
   <translation>모의</translation>
  </message>
  <message>
   <source>slope</source>
   <translation>경사</translation>
  </message>
  <message>
   <source>slope angle</source>
   <translation>경사각</translation>
  </message>
  <message>
   <source>slope angle alone</source>
   <translation>경사각만</translation>
  </message>
  <message>
   <source>slope stability</source>
   <translation>사면 안정</translation>
  </message>
  <message>
   <source>slope units</source>
   <translation>사면 단위</translation>
  </message>
  <message>
   <source>slopecast-dataset-2</source>
   <translation>slopecast-dataset-2</translation>
  </message>
  <message>
   <source>soil depth</source>
   <translation>토심</translation>
  </message>
  <message>
   <source>soil depth {}</source>
   <translation>토심 {}</translation>
  </message>
  <message>
   <source>soil map</source>
   <translation>토양도</translation>
  </message>
  <message>
   <source>soils have either no cohesion (0) or more than this</source>
   <translation>흙의 점착력은 없거나(0) 이보다 큽니다</translation>
  </message>
  <message>
   <source>soils have less; rock has more</source>
   <translation>흙은 이보다 작고 암석은 더 큽니다</translation>
  </message>
  <message>
   <source>some cases with strong lateral flow, long rainfall or small cells</source>
   <translation>측방 흐름이 강하거나 강우가 길거나 셀이 작은 사례</translation>
  </message>
  <message>
   <source>split [min]</source>
   <translation>경계 [분]</translation>
  </message>
  <message>
   <source>square cells</source>
   <translation>정사각형 셀</translation>
  </message>
  <message>
   <source>stable</source>
   <translation>안정</translation>
  </message>
  <message>
   <source>stable (FS of 1 or more)</source>
   <translation>안정(FS 1 이상)</translation>
  </message>
  <message>
   <source>stable by both</source>
   <translation>둘 다 안정</translation>
  </message>
  <message>
   <source>stable even when saturated</source>
   <translation>포화되어도 안정</translation>
  </message>
  <message>
   <source>stable in both</source>
   <translation>둘 다 안정</translation>
  </message>
  <message>
   <source>stable in this event</source>
   <translation>이 강우에 안정</translation>
  </message>
  <message>
   <source>stable: 1 to 1.1</source>
   <translation>안정: 1 ~ 1.1</translation>
  </message>
  <message>
   <source>stable: 1.1 to 1.25</source>
   <translation>안정: 1.1 ~ 1.25</translation>
  </message>
  <message>
   <source>stable: 1.25 to 1.5</source>
   <translation>안정: 1.25 ~ 1.5</translation>
  </message>
  <message>
   <source>stable: 1.5 to 2</source>
   <translation>안정: 1.5 ~ 2</translation>
  </message>
  <message>
   <source>stable: more than 2</source>
   <translation>안정: 2 초과</translation>
  </message>
  <message>
   <source>standard deviation</source>
   <translation>표준편차</translation>
  </message>
  <message>
   <source>stored</source>
   <translation>저류</translation>
  </message>
  <message>
   <source>storm</source>
   <translation>호우</translation>
  </message>
  <message>
   <source>success rate</source>
   <translation>성공률</translation>
  </message>
  <message>
   <source>suscept.</source>
   <translation>취약성</translation>
  </message>
  <message>
   <source>susceptibility</source>
   <translation>취약성</translation>
  </message>
  <message>
   <source>susceptibility minus default factor of safety</source>
   <translation>취약성 - 기본값의 안전율</translation>
  </message>
  <message>
   <source>susceptibility minus slope angle</source>
   <translation>취약성 - 경사각</translation>
  </message>
  <message>
   <source>synthetic</source>
   <translation>합성</translation>
  </message>
  <message>
   <source>table</source>
   <translation>표</translation>
  </message>
  <message>
   <source>template</source>
   <translation>서식</translation>
  </message>
  <message>
   <source>tensiometers cannot measure more</source>
   <translation>장력계는 그보다 큰 값을 재지 못합니다</translation>
  </message>
  <message>
   <source>the address of a dask.distributed scheduler, e.g. tcp://127.0.0.1:8786, or empty for this computer</source>
   <translation>dask.distributed 스케줄러의 주소, 예: tcp://127.0.0.1:8786. 이 컴퓨터만 쓰려면 비워 둡니다</translation>
  </message>
  <message>
   <source>the columns hour and rainfall</source>
   <translation>hour와 rainfall 열</translation>
  </message>
  <message>
   <source>the data set has none for '{}'</source>
   <translation>데이터 세트에 '{}'의 사례가 없습니다</translation>
  </message>
  <message>
   <source>the default options</source>
   <translation>기본 선택 사항</translation>
  </message>
  <message>
   <source>the defaults</source>
   <translation>기본값</translation>
  </message>
  <message>
   <source>the event ends at {:g} h</source>
   <translation>강우가 {:g} h에 끝납니다</translation>
  </message>
  <message>
   <source>the expected agreement with the physics engine is only IoU {:.2f} ({:,} failed cells); confirm with {}</source>
   <translation>물리 엔진과 예상되는 일치도가 IoU {:.2f}에 그칩니다(붕괴 셀 {:,}개). 확인하려면 {}을(를) 사용하십시오</translation>
  </message>
  <message>
   <source>the expression '{}' has no result</source>
   <translation>표현식 '{}'의 결과가 없습니다</translation>
  </message>
  <message>
   <source>the file or id of one layer</source>
   <translation>한 레이어의 파일 또는 ID</translation>
  </message>
  <message>
   <source>the folder of a data set</source>
   <translation>데이터 세트의 폴더</translation>
  </message>
  <message>
   <source>the grid's {}</source>
   <translation>격자의 {}</translation>
  </message>
  <message>
   <source>the initial water table is nearly at the surface, where errors are greater; confirm with {}</source>
   <translation>초기 지하수위가 지표면에 가까워 오차가 더 큽니다. {}(으)로 확인하십시오</translation>
  </message>
  <message>
   <source>the map</source>
   <translation>지도</translation>
  </message>
  <message>
   <source>the mask agrees with the physics engine's: IoU {:.3f}, {:,} of {:,} cells differ</source>
   <translation>마스크가 물리 엔진의 것과 일치합니다: IoU {:.3f}, 다른 셀 {:,}개(모두 {:,}개)</translation>
  </message>
  <message>
   <source>the mask differs from the physics engine's: IoU {:.3f}, {:,} of {:,} cells differ</source>
   <translation>마스크가 물리 엔진의 것과 다릅니다: IoU {:.3f}, {:,} / {:,}개 셀이 다름</translation>
  </message>
  <message>
   <source>the mask of row '{}' would be '{}', which is another file of this run</source>
   <translation>'{}' 행의 마스크는 '{}'이(가) 되는데, 이것은 이 실행의 다른 파일입니다</translation>
  </message>
  <message>
   <source>the minimum over the event</source>
   <translation>사상 중 최솟값</translation>
  </message>
  <message>
   <source>the name '{}' begins with '{}', which no table of a GeoPackage does</source>
   <translation>이름 '{}'이(가) '{}'(으)로 시작합니다. GeoPackage의 표 이름은 그렇게 시작할 수 없습니다</translation>
  </message>
  <message>
   <source>the name '{}...' is longer than file systems allow</source>
   <translation>이름 '{}...'이(가) 파일 시스템의 허용 길이보다 깁니다</translation>
  </message>
  <message>
   <source>the name of a file</source>
   <translation>파일 이름</translation>
  </message>
  <message>
   <source>the name of field '{}' is cut short</source>
   <translation>필드 '{}'의 이름이 잘렸습니다</translation>
  </message>
  <message>
   <source>the network was not trained for this: run {}</source>
   <translation>신경망이 학습하지 않은 조건입니다. {}을(를) 실행하십시오</translation>
  </message>
  <message>
   <source>the network was not trained on {}</source>
   <translation>신경망이 {}을(를) 학습하지 않았습니다</translation>
  </message>
  <message>
   <source>the network's mean IoU on cases not used in training is {:.2f}</source>
   <translation>학습에 쓰지 않은 사례에서 신경망의 평균 IoU는 {:.2f}입니다</translation>
  </message>
  <message>
   <source>the networks were not trained on rain that changes with time</source>
   <translation>시간에 따라 바뀌는 비는 신경망이 학습하지 않았습니다</translation>
  </message>
  <message>
   <source>the physics engine is used; everything except the network works</source>
   <translation>물리 엔진을 쓰며, 신경망 말고는 모두 작동합니다</translation>
  </message>
  <message>
   <source>the raster contains {}</source>
   <translation>래스터의 값이 {}입니다</translation>
  </message>
  <message>
   <source>the raster has no valid cell</source>
   <translation>래스터에 유효한 셀이 없습니다</translation>
  </message>
  <message>
   <source>the ratio K_s / K_lat</source>
   <translation>거꾸로 된 비 K_s / K_lat</translation>
  </message>
  <message>
   <source>the result '{}' of a worker is not accessible from this computer</source>
   <translation>작업자의 결과 '{}'에 이 컴퓨터에서 접근할 수 없습니다</translation>
  </message>
  <message>
   <source>the same cells</source>
   <translation>같은 셀</translation>
  </message>
  <message>
   <source>the same code on all workers, or workers without Slopecast, which are sent it</source>
   <translation>모든 작업자의 같은 코드, 또는 코드를 보내 줄 수 있는 Slopecast 없는 작업자</translation>
  </message>
  <message>
   <source>the same version</source>
   <translation>같은 버전</translation>
  </message>
  <message>
   <source>the scheduler at {} has had no workers for {:g} s</source>
   <translation>{}의 스케줄러에 {:g}초 동안 작업자가 없었습니다</translation>
  </message>
  <message>
   <source>the scheduler at {} has no workers</source>
   <translation>{}의 스케줄러에 작업자가 없습니다</translation>
  </message>
  <message>
   <source>the shipped network, or the physics engine</source>
   <translation>제공된 신경망 또는 물리 엔진</translation>
  </message>
  <message>
   <source>the slope tan phi in per cent</source>
   <translation>백분율로 나타낸 기울기 tan phi</translation>
  </message>
  <message>
   <source>the step 'every {:g}' does not fit an event of {:g} h</source>
   <translation>간격 'every {:g}'은(는) {:g} h 강우에 맞지 않습니다</translation>
  </message>
  <message>
   <source>the titles in the first line: delete the lines above them</source>
   <translation>첫 줄의 열 제목: 그 위의 줄을 삭제하십시오</translation>
  </message>
  <message>
   <source>the titles seem to be in row {}</source>
   <translation>열 제목이 {}행에 있는 것으로 보입니다</translation>
  </message>
  <message>
   <source>the total rainfall of the event in mm</source>
   <translation>강우 전체의 강우량(mm)</translation>
  </message>
  <message>
   <source>the unit weight under water (buoyant)</source>
   <translation>수중단위중량</translation>
  </message>
  <message>
   <source>the unit {}, or one of {}</source>
   <translation>단위 {} 또는 다음 가운데 하나: {}</translation>
  </message>
  <message>
   <source>the weights are unverified: they are not among those shipped with Slopecast, so the training described in their model card cannot be confirmed</source>
   <translation>가중치가 검증되지 않았습니다: Slopecast와 함께 제공된 것이 아니므로, 모델 카드에 적힌 학습 내용을 확인할 수 없습니다</translation>
  </message>
  <message>
   <source>the worker {}</source>
   <translation>작업자 {}</translation>
  </message>
  <message>
   <source>this network is valid only in the study area on which it was trained</source>
   <translation>이 신경망은 학습한 대상 지역에서만 유효합니다</translation>
  </message>
  <message>
   <source>this torch is built without CUDA</source>
   <translation>이 torch는 CUDA 없이 빌드되었습니다</translation>
  </message>
  <message>
   <source>to</source>
   <translation>상한</translation>
  </message>
  <message>
   <source>torch</source>
   <translation>torch</translation>
  </message>
  <message>
   <source>torch finds no such device</source>
   <translation>torch가 그런 장치를 찾지 못했습니다</translation>
  </message>
  <message>
   <source>torch is installed but does not load ({}: {}).</source>
   <translation>torch가 설치되어 있으나 불러올 수 없습니다({}: {}).</translation>
  </message>
  <message>
   <source>trained</source>
   <translation>학습 후</translation>
  </message>
  <message>
   <source>training</source>
   <translation>학습</translation>
  </message>
  <message>
   <source>trees root to about 7 m</source>
   <translation>나무뿌리는 7 m쯤까지 내려갑니다</translation>
  </message>
  <message>
   <source>true or false</source>
   <translation>true 또는 false</translation>
  </message>
  <message>
   <source>two columns '{}'</source>
   <translation>'{}' 열이 둘입니다</translation>
  </message>
  <message>
   <source>two columns '{}' and '{}' mean {}</source>
   <translation>두 열 '{}'와(과) '{}'이(가) 모두 {}을(를) 뜻합니다</translation>
  </message>
  <message>
   <source>uncertainty</source>
   <translation>불확실성</translation>
  </message>
  <message>
   <source>undamaged files</source>
   <translation>손상되지 않은 파일</translation>
  </message>
  <message>
   <source>unknown column '{}'</source>
   <translation>알 수 없는 열 '{}'</translation>
  </message>
  <message>
   <source>unstable before and after rain</source>
   <translation>강우 전후 모두 불안정</translation>
  </message>
  <message>
   <source>unstable before rain only</source>
   <translation>강우 전 불안정, 후 안정</translation>
  </message>
  <message>
   <source>unstable even when dry</source>
   <translation>건조해도 불안정</translation>
  </message>
  <message>
   <source>up to 0.02</source>
   <translation>0.02 이하</translation>
  </message>
  <message>
   <source>up to 1 %</source>
   <translation>1 % 이하</translation>
  </message>
  <message>
   <source>up to 25 % of the scenarios</source>
   <translation>시나리오의 25 % 이하</translation>
  </message>
  <message>
   <source>up to 5 %</source>
   <translation>5 % 이하</translation>
  </message>
  <message>
   <source>up to the split</source>
   <translation>경계까지</translation>
  </message>
  <message>
   <source>validation</source>
   <translation>검증</translation>
  </message>
  <message>
   <source>value</source>
   <translation>값</translation>
  </message>
  <message>
   <source>values</source>
   <translation>값</translation>
  </message>
  <message>
   <source>values in {}</source>
   <translation>{} 단위의 값</translation>
  </message>
  <message>
   <source>values to summarize</source>
   <translation>요약할 값</translation>
  </message>
  <message>
   <source>vectorize</source>
   <translation>벡터화</translation>
  </message>
  <message>
   <source>vertical coordinate system</source>
   <translation>수직 좌표계</translation>
  </message>
  <message>
   <source>very few places on earth have such a mean, even in their wettest months</source>
   <translation>가장 습한 달에도 평균이 이만큼 되는 곳은 지구상에 거의 없습니다</translation>
  </message>
  <message>
   <source>water table above bedrock</source>
   <translation>기반암 위 지하수위</translation>
  </message>
  <message>
   <source>weights made by Slopecast</source>
   <translation>Slopecast가 만든 가중치</translation>
  </message>
  <message>
   <source>whole numbers from 0 to {}</source>
   <translation>0 ~ {}의 정수</translation>
  </message>
  <message>
   <source>whole numbers, {} to {}</source>
   <translation>{} ~ {}의 정수</translation>
  </message>
  <message>
   <source>without a title</source>
   <translation>제목 없음</translation>
  </message>
  <message>
   <source>workers with Python 3.9 or later and numpy</source>
   <translation>Python 3.9 이상과 numpy가 있는 작업자</translation>
  </message>
  <message>
   <source>workers with torch and safetensors</source>
   <translation>torch와 safetensors가 있는 작업자</translation>
  </message>
  <message>
   <source>write it with the digits 0 to 9</source>
   <translation>숫자 0~9로 쓰십시오</translation>
  </message>
  <message>
   <source>yards</source>
   <translation>야드</translation>
  </message>
  <message>
   <source>yes</source>
   <translation>예</translation>
  </message>
  <message>
   <source>your own curve</source>
   <translation>사용자 식</translation>
  </message>
  <message>
   <source>zonal statistics</source>
   <translation>구역 통계</translation>
  </message>
  <message>
   <source>zones</source>
   <translation>구역</translation>
  </message>
  <message>
   <source>zones that overlap the DEM</source>
   <translation>수치표고모델과 겹치는 구역</translation>
  </message>
  <message>
   <source>{0:,} cells, solved in windows of {1} x {1} cells; about {2} of memory (QGIS included; limit {3}), up to {4} of disk and about {5} of time are expected.</source>
   <translation>셀 {0:,}개, {1} x {1} 셀 크기의 창으로 나누어 계산. 메모리 약 {2}(QGIS 포함, 한도 {3}), 디스크 최대 {4}, 시간 약 {5}이(가) 예상됩니다.</translation>
  </message>
  <message>
   <source>{:,} cells have FS &lt; 1 under initial conditions and FS &gt;= 1 at the end of the event, as water drains: the mask shows stable slopes there. If the initial water table is right, those slopes have failed: run 'Simulate factor of safety' for the minimum over the event.</source>
   <translation>셀 {:,}개는 초기 조건에서 FS &lt; 1이지만 물이 빠져 강우 끝에는 FS &gt;= 1입니다. 마스크는 이 셀들을 안정으로 표시합니다. 초기 지하수위가 맞다면 이미 파괴된 사면입니다. '안전율 모의'를 실행하여 강우 동안의 최솟값을 구하십시오.</translation>
  </message>
  <message>
   <source>{:,} cells have a factor of safety so close to 1 that a small error of the water table changes the mask; confirm with {}</source>
   <translation>셀 {:,}개의 안전율이 1에 매우 가까워 지하수위의 작은 오차로도 마스크가 달라집니다. {}(으)로 확인하십시오</translation>
  </message>
  <message>
   <source>{:,} cells with a factor of safety near 1 are near steps of the terrain with a gradient above {:g}, as of cliffs and walls, where errors are greater; confirm with {}</source>
   <translation>안전율이 1에 가까운 셀 {:,}개가 절벽이나 벽처럼 기울기가 {:g}을(를) 넘는 지형 단차 가까이에 있어 오차가 더 큽니다. {}(으)로 확인하십시오</translation>
  </message>
  <message>
   <source>{:,} cells, solved whole; about {} of memory (QGIS included), up to {} of disk and about {} of time are expected.</source>
   <translation>셀 {:,}개, 전체를 한 번에 계산. 메모리 약 {}(QGIS 포함), 디스크 최대 {}, 시간 약 {}이(가) 예상됩니다.</translation>
  </message>
  <message>
   <source>{:,} further cells were unstable initially but drained to FS &gt;= 1: stable in the mask.</source>
   <translation>그 밖에 셀 {:,}개는 초기에 불안정했으나 배수되어 FS &gt;= 1이 되었으며 마스크에는 안정으로 나타납니다.</translation>
  </message>
  <message>
   <source>{:,} of the {:,} failed cells have FS &lt; 1 under initial conditions. If those slopes are stable in nature, their cohesion or friction angle is too low, or the soil depth or initial water table too high.</source>
   <translation>초기 조건에서 FS &lt; 1인 파괴 셀이 {:,}개입니다(파괴 셀은 모두 {:,}개). 실제로 안정한 사면이라면 점착력이나 내부마찰각이 너무 낮거나 토심 또는 초기 지하수위가 너무 높습니다.</translation>
  </message>
  <message>
   <source>{:,} of {:,} cells ({:.3g} %) have upslope areas outside the DEM, whose recharge is not included: their initial water table is too low. {}</source>
   <translation>셀 {:,}개(모두 {:,}개, {:.3g} %)는 사면 위쪽이 수치표고모델 밖에 있어 그곳의 함양량이 빠지므로 초기 지하수위가 너무 낮습니다. {}</translation>
  </message>
  <message>
   <source>{:,} of {:,} cells ({:.3g} %) may receive groundwater from outside the DEM within the event, which is not included: they may fail although the map shows them as stable. {}</source>
   <translation>셀 {:,}개(모두 {:,}개, {:.3g} %)에는 강우 동안 수치표고모델 밖의 지하수가 이를 수 있으나 계산에서 빠집니다. 지도에 안정으로 나와도 파괴될 수 있습니다. {}</translation>
  </message>
  <message>
   <source>{:,} of {:,} cells fail ({:.3g} %).</source>
   <translation>{1:,}개 셀 중 {0:,}개가 파괴됩니다 ({2:.3g} %).</translation>
  </message>
  <message>
   <source>{:,} of {:,} cells of the DEM ({:.3g} %) are treated as missing elevations and are NoData in every output: spikes, pits or false slopes, which resampling creates from undeclared missing data. {}</source>
   <translation>수치표고모델의 셀 {:,}개(모두 {:,}개, {:.3g} %)를 표고의 결측으로 보아 모든 출력에서 NoData로 합니다. 지정하지 않은 결측값을 다시 표본화할 때 생기는 돌출점, 함몰점, 거짓 비탈입니다. {}</translation>
  </message>
  <message>
   <source>{:,} of {:,} cells of the DEM ({:.3g} %) are treated as missing elevations and are NoData in every output: {:,} contain {} m, with steep steps to the ground on all sides; the others are on false slopes around them. {}</source>
   <translation>수치표고모델의 셀 {:,}개(모두 {:,}개, {:.3g} %)를 표고의 결측으로 보아 모든 출력에서 NoData로 합니다. 그중 {:,}개는 값이 {} m이고 사방이 지면과 가파른 단차를 이루며, 나머지는 그 둘레의 거짓 비탈에 있습니다. {}</translation>
  </message>
  <message>
   <source>{:,} time steps; </source>
   <translation>시간 단계 {:,}개; </translation>
  </message>
  <message>
   <source>{:.0f} % above {:g}</source>
   <translation>{:.0f} %가 {:g} 초과</translation>
  </message>
  <message>
   <source>{:.0f} % of the cells of the DEM are more than {:g} m higher or lower than both neighbours in a row or column: is it a surface model with trees? Slopes must be those of the bare ground (a terrain model).</source>
   <translation>수치표고모델 셀의 {:.0f} %가 같은 행이나 열의 양쪽 이웃보다 {:g} m 넘게 높거나 낮습니다. 나무가 포함된 수치표면모델(DSM)입니까? 경사는 맨땅의 경사(수치지형모델, DTM)여야 합니다.</translation>
  </message>
  <message>
   <source>{:.0f} % of the elevations of the DEM are more than {:g} m below sea level: are they sea floor, or heights with the wrong sign? Sea and lake floors must be NoData, and elevations must increase upwards.</source>
   <translation>수치표고모델 표고의 {:.0f} %가 해수면보다 {:g} m 넘게 낮습니다. 바다 밑이거나 부호가 반대인 높이입니까? 바다와 호수 바닥은 NoData여야 하고, 표고는 위로 갈수록 커져야 합니다.</translation>
  </message>
  <message>
   <source>{:.0f} MB</source>
   <translation>{:.0f} MB</translation>
  </message>
  <message>
   <source>{:.0f} min</source>
   <translation>{:.0f}분</translation>
  </message>
  <message>
   <source>{:.1f} % of the cells have soil deeper than {:g} m</source>
   <translation>셀의 {:.1f} %에서 토심이 {:g} m보다 깊습니다</translation>
  </message>
  <message>
   <source>{:.1f} % of the height differences between neighbouring cells of the DEM are isolated steps of more than {:g} m: is it a surface model with buildings and trees, or resampled from wider cells without interpolation? Slopes must be those of the bare ground (a terrain model).</source>
   <translation>수치표고모델에서 셀 사이 높이차의 {:.1f} %가 평평한 땅 사이에 벽처럼 선 {:g} m 넘는 단차입니다. 건물과 나무가 포함된 수치표면모델(DSM)이거나 더 큰 셀에서 보간 없이 다시 표본화한 것입니까? 경사는 맨땅의 경사(수치지형모델, DTM)여야 합니다.</translation>
  </message>
  <message>
   <source>{:.2f} GB</source>
   <translation>{:.2f} GB</translation>
  </message>
  <message>
   <source>{:.2f} s. Solver: {}</source>
   <translation>{:.2f}초. 해석기: {}</translation>
  </message>
  <message>
   <source>{:.2g} % of the cells of the DEM are more than {:g} m higher, or lower, than all cells around them: such spikes and pits make steep false slopes. Remove them with a median filter, or use a DEM of the bare ground.</source>
   <translation>DEM 셀의 {:.2g} %가 주변의 모든 셀보다 {:g} m 넘게 높거나 낮습니다. 이런 뾰족한 돌출과 구멍은 실제에 없는 급경사를 만듭니다. 중앙값 필터로 제거하거나 맨땅의 DEM을 사용하십시오.</translation>
  </message>
  <message>
   <source>{:.3g} (a minute) to {:g} h</source>
   <translation>{:.3g}(1분) ~ {:g} h</translation>
  </message>
  <message>
   <source>{:.3g} mm/h is more than the {:g} mm/h that the networks are trained on. Where lateral flow can change the mask, choose the physics engine (SOLVER); elsewhere the mask is the engine's.</source>
   <translation>{:.3g} mm/h는 신경망이 학습한 {:g} mm/h보다 큽니다. 측방 흐름이 마스크를 바꿀 수 있는 곳에서는 물리 엔진(SOLVER)을 고르십시오. 다른 곳의 마스크는 엔진의 것과 같습니다.</translation>
  </message>
  <message>
   <source>{:g} h are {:g} days. Is the duration in minutes? Then enter {:g} h.</source>
   <translation>{:g} h는 {:g}일입니다. 지속시간이 분 단위입니까? 그렇다면 {:g} h를 입력하십시오.</translation>
  </message>
  <message>
   <source>{:g} h is later than {:g} h, the longest event</source>
   <translation>{:g} h는 가장 긴 강우 사건인 {:g} h보다 늦습니다</translation>
  </message>
  <message>
   <source>{:g} h is not later than {:g} h</source>
   <translation>{:g} h는 {:g} h보다 늦지 않습니다</translation>
  </message>
  <message>
   <source>{:g} h is out of range</source>
   <translation>{:g} h는 범위를 벗어납니다</translation>
  </message>
  <message>
   <source>{:g} h is outside the event</source>
   <translation>{:g} h는 강우 기간 밖에 있습니다</translation>
  </message>
  <message>
   <source>{:g} h once in {:g} years: {:.4g} mm/h, {:.4g} mm in all.</source>
   <translation>{:g}시간, {:g}년 빈도: {:.4g} mm/h, 모두 {:.4g} mm.</translation>
  </message>
  <message>
   <source>{:g} is less than the moisture deficit {} plus the entrapped air content of {:g}</source>
   <translation>{:g}은(는) 수분 부족량 {}에 갇힌 공기량 {:g}을(를) 더한 값보다 작습니다</translation>
  </message>
  <message>
   <source>{:g} is out of range</source>
   <translation>{:g}은(는) 범위를 벗어납니다</translation>
  </message>
  <message>
   <source>{:g} is out of range for the kind of map: {}</source>
   <translation>{:g}은(는) 이 지도 종류의 범위를 벗어납니다: {}</translation>
  </message>
  <message>
   <source>{:g} m and more</source>
   <translation>{:g} m 이상</translation>
  </message>
  <message>
   <source>{:g} m east</source>
   <translation>동쪽으로 {:g} m</translation>
  </message>
  <message>
   <source>{:g} m exceeds the maximum depth {:g} m</source>
   <translation>{:g} m는 최대 깊이 {:g} m를 넘습니다</translation>
  </message>
  <message>
   <source>{:g} m is out of range</source>
   <translation>{:g} m는 범위를 벗어납니다</translation>
  </message>
  <message>
   <source>{:g} m north</source>
   <translation>북쪽으로 {:g} m</translation>
  </message>
  <message>
   <source>{:g} m south</source>
   <translation>남쪽으로 {:g} m</translation>
  </message>
  <message>
   <source>{:g} m west</source>
   <translation>서쪽으로 {:g} m</translation>
  </message>
  <message>
   <source>{:g} min is out of range</source>
   <translation>{:g}분은 범위를 벗어납니다</translation>
  </message>
  <message>
   <source>{:g} mm/h is out of range</source>
   <translation>{:g} mm/h는 범위를 벗어납니다</translation>
  </message>
  <message>
   <source>{:g} or more</source>
   <translation>{:g} 이상</translation>
  </message>
  <message>
   <source>{:g} to {:g}</source>
   <translation>{:g} ~ {:g}</translation>
  </message>
  <message>
   <source>{:g} to {:g} m, but not {:g}, which marks missing data</source>
   <translation>{:g} ~ {:g} m. 결측을 뜻하는 {:g}은(는) 제외</translation>
  </message>
  <message>
   <source>{:g} to {:g} {}</source>
   <translation>{:g} ~ {:g} {}</translation>
  </message>
  <message>
   <source>{:g} to {}</source>
   <translation>{:g} ~ {}</translation>
  </message>
  <message>
   <source>{:g} x that of '{}' (mean {:g} m/s, Rawls et al. 1983)</source>
   <translation>'{1}'의 {0:g}배(평균 {2:g} m/s, Rawls 등 1983)</translation>
  </message>
  <message>
   <source>{:g} {}</source>
   <translation>{:g} {}</translation>
  </message>
  <message>
   <source>{} (allowed: {})</source>
   <translation>{} (허용: {})</translation>
  </message>
  <message>
   <source>{} ({:g}th percentile of the raster)</source>
   <translation>{} (래스터의 {:g}번째 백분위수)</translation>
  </message>
  <message>
   <source>{} ({} changed)</source>
   <translation>{} ({}개 변경됨)</translation>
  </message>
  <message>
   <source>{} ({}_MIN)</source>
   <translation>{} ({}_MIN)</translation>
  </message>
  <message>
   <source>{} = {} is outside the trained range {}</source>
   <translation>{} = {}은(는) 학습한 범위 {} 밖에 있습니다</translation>
  </message>
  <message>
   <source>{} [{}]</source>
   <translation>{} [{}]</translation>
  </message>
  <message>
   <source>{} and {} are the same raster. Is another one meant?</source>
   <translation>{}와(과) {}이(가) 같은 래스터입니다. 다른 래스터를 선택하려던 것입니까?</translation>
  </message>
  <message>
   <source>{} areas with {} cells.</source>
   <translation>구역 {}개, 셀 {}개.</translation>
  </message>
  <message>
   <source>{} cannot be divided evenly among {} processes</source>
   <translation>{}을(를) 프로세스 {}개가 고르게 나눌 수 없습니다</translation>
  </message>
  <message>
   <source>{} cannot load Slopecast ({}: {})</source>
   <translation>{}이(가) Slopecast를 불러오지 못합니다({}: {})</translation>
  </message>
  <message>
   <source>{} cases. IoU, Dice, precision and recall are means over the cases with failures (precision: those of them in which a cell is predicted to fail), accuracy is the mean over all cases, and the pooled IoU is from summed cell counts. The factor of safety is compared where the engine computes {:g} to {:g}. Seconds per scenario, without reading the terrain.</source>
   <translation>사례 {}개. IoU, Dice, 정밀도, 재현율은 파괴가 있는 사례의 평균이고(정밀도는 그중 파괴로 예측한 셀이 있는 사례), 정확도는 모든 사례의 평균이며, 통합 IoU는 합한 셀 수에서 구합니다. 안전율은 물리 엔진의 값이 {:g}~{:g}인 셀에서 비교합니다. 초는 지형을 읽는 시간을 뺀 시나리오당 시간입니다.</translation>
  </message>
  <message>
   <source>{} cases; solvers: {}.</source>
   <translation>사례 {}개; 풀이: {}.</translation>
  </message>
  <message>
   <source>{} cells lie in more than one zone: the later feature counts.</source>
   <translation>셀 {}개가 둘 이상의 구역에 있습니다. 나중 객체를 씁니다.</translation>
  </message>
  <message>
   <source>{} cells without elevation are not evaluated.</source>
   <translation>표고가 없는 셀 {}개는 평가하지 않습니다.</translation>
  </message>
  <message>
   <source>{} errors</source>
   <translation>오류 {}개</translation>
  </message>
  <message>
   <source>{} exceeded its range of {}{} in {} of {} parameter sets, in at least one cell, and was limited to it. There its mean and standard deviation differ from those given. To keep them, choose a smaller standard deviation or, near 0, a lognormal distribution.</source>
   <translation>{}: 범위 {}{}을(를) 벗어난 매개변수 조합이 {}개(모두 {}개)입니다(적어도 한 셀에서). 범위 안으로 제한했습니다. 그곳에서는 평균과 표준편차가 지정한 값과 다릅니다. 지정한 값을 유지하려면 더 작은 표준편차를, 0에 가까우면 로그정규분포를 선택하십시오.</translation>
  </message>
  <message>
   <source>{} exceeds the maximum {}</source>
   <translation>{}은(는) 최댓값 {}을(를) 넘습니다</translation>
  </message>
  <message>
   <source>{} features are partly outside the valid cells of the map: the counts apply only to the valid part, whose share is in valid_share.</source>
   <translation>객체 {}개는 일부가 지도의 유효 셀 밖에 있습니다. 셀 수는 유효한 부분만의 것이며 그 비율은 valid_share에 있습니다.</translation>
  </message>
  <message>
   <source>{} features contain no cell centre; each is assigned the cell in which it lies.</source>
   <translation>객체 {}개에는 중심이 안에 드는 셀이 없어 객체가 놓인 셀로 셉니다.</translation>
  </message>
  <message>
   <source>{} features have no geometry, or none in the area for which the map's coordinate system is defined: no counts.</source>
   <translation>객체 {}개는 도형이 없거나 지도의 좌표계가 정의된 지역 안에 있지 않아 셀 수가 없습니다.</translation>
  </message>
  <message>
   <source>{} features have no valid cell of the map: whether anything fails there is unknown; failed_share, failed_area_m2 and hazard_class are NULL.</source>
   <translation>객체 {}개에는 지도의 유효 셀이 없어 파괴 여부를 알 수 없으며, failed_share, failed_area_m2, hazard_class가 NULL입니다.</translation>
  </message>
  <message>
   <source>{} for {}</source>
   <translation>{}, {}</translation>
  </message>
  <message>
   <source>{} further inputs not at their defaults</source>
   <translation>기본값이 아닌 다른 입력 {}개</translation>
  </message>
  <message>
   <source>{} has loaded another version of Slopecast ({}; here it is {})</source>
   <translation>{}에 다른 버전의 Slopecast가 로드되어 있습니다({}; 여기는 {})</translation>
  </message>
  <message>
   <source>{} has no coordinate system: its coordinates are assumed to be in metres, and the results have no coordinate system either.</source>
   <translation>{}에 좌표계가 없어 좌표를 미터로 가정하고, 결과에도 좌표계가 없습니다.</translation>
  </message>
  <message>
   <source>{} has no coordinate system; the DEM's is assumed.</source>
   <translation>{}에 좌표계가 없어 수치표고모델의 좌표계로 봅니다.</translation>
  </message>
  <message>
   <source>{} has no coordinate system; the raster's is assumed.</source>
   <translation>{}에 좌표계가 없어 래스터의 좌표계로 봅니다.</translation>
  </message>
  <message>
   <source>{} has no torch, which the network needs</source>
   <translation>{}에 신경망에 필요한 torch가 없습니다</translation>
  </message>
  <message>
   <source>{} has no value in {:,} of {:,} cells ({:.3g} %): they are NoData in every output.</source>
   <translation>{}: 값이 없는 셀 {:,}개 / 전체 {:,}개({:.3g} %). 이 셀은 모든 출력에서 NoData입니다.</translation>
  </message>
  <message>
   <source>{} has numpy {}; here it is {}</source>
   <translation>{}의 numpy는 {}, 여기는 {}입니다</translation>
  </message>
  <message>
   <source>{} in another coordinate system</source>
   <translation>{} (다른 좌표계)</translation>
  </message>
  <message>
   <source>{} in metres, or a band that declares its unit</source>
   <translation>미터 단위의 {} 또는 단위가 지정된 밴드</translation>
  </message>
  <message>
   <source>{} in {}, or in a unit that can be converted to it</source>
   <translation>{}, 단위는 {} 또는 그것으로 환산할 수 있는 단위</translation>
  </message>
  <message>
   <source>{} is ignored: it needs standard deviations of both.</source>
   <translation>{}은(는) 사용하지 않습니다. 두 매개변수 모두 표준편차가 있어야 합니다.</translation>
  </message>
  <message>
   <source>{} is ignored: no process that needs it is chosen.</source>
   <translation>{}은(는) 사용하지 않습니다. 이를 필요로 하는 과정이 선택되지 않았습니다.</translation>
  </message>
  <message>
   <source>{} is ignored: the physics engine itself computes the masks.</source>
   <translation>{}은(는) 무시합니다: 물리 엔진이 직접 마스크를 계산합니다.</translation>
  </message>
  <message>
   <source>{} is in degrees; it will be aligned to the DEM.</source>
   <translation>{}: 도 단위입니다. DEM에 맞춥니다.</translation>
  </message>
  <message>
   <source>{} is not installed in QGIS's Python.</source>
   <translation>QGIS의 Python에 {}이(가) 설치되어 있지 않습니다.</translation>
  </message>
  <message>
   <source>{} is not used: the table has a column '{}'.</source>
   <translation>{}은(는) 쓰지 않습니다. 표에 '{}' 열이 있습니다.</translation>
  </message>
  <message>
   <source>{} is out of range</source>
   <translation>{}은(는) 범위를 벗어납니다</translation>
  </message>
  <message>
   <source>{} kN/m3 is less than the moist unit weight {} kN/m3</source>
   <translation>{} kN/m3는 습윤단위중량 {} kN/m3보다 작습니다</translation>
  </message>
  <message>
   <source>{} landslides are placed where FS &lt; 1 in a storm of {:g} mm/h for {:g} h.</source>
   <translation>산사태 {}개를 {:g} mm/h의 비가 {:g}시간 내릴 때 FS &lt; 1인 곳에 둡니다.</translation>
  </message>
  <message>
   <source>{} landslides have the same cells as others. Landslides with the same cells count as one.</source>
   <translation>산사태 {}개가 다른 산사태와 같은 셀에 있습니다. 셀이 같은 산사태는 하나로 셉니다.</translation>
  </message>
  <message>
   <source>{} layers are earlier results that will not update. &lt;a href='hide'&gt;Hide them&lt;/a&gt;</source>
   <translation>레이어 {}개는 갱신되지 않는 이전 결과입니다. &lt;a href='hide'&gt;숨기기&lt;/a&gt;</translation>
  </message>
  <message>
   <source>{} layers of the project are named '{}'</source>
   <translation>프로젝트의 레이어 {}개의 이름이 '{}'입니다</translation>
  </message>
  <message>
   <source>{} masks are not added to the project; they are in {}.</source>
   <translation>마스크 {}개는 프로젝트에 추가하지 않았습니다. {}에 있습니다.</translation>
  </message>
  <message>
   <source>{} masks are written to '{}'.</source>
   <translation>마스크 {}개를 '{}'에 썼습니다.</translation>
  </message>
  <message>
   <source>{} of the DEM are offset against one another by about {} along their whole length: such stripes make false slopes, and a false flow of groundwater across them. Remove the stripes, or use another DEM.</source>
   <translation>DEM의 {}이(가) 전체 길이에 걸쳐 서로 약 {}씩 어긋나 있습니다. 이런 줄무늬는 실제와 다른 경사와 이를 가로지르는 잘못된 지하수 흐름을 만듭니다. 줄무늬를 제거하거나 다른 DEM을 사용하십시오.</translation>
  </message>
  <message>
   <source>{} of {} are on valid cells of the elevation model</source>
   <translation>{}개(모두 {}개)만 수치표고모델의 유효 셀 위에 있습니다</translation>
  </message>
  <message>
   <source>{} of {} cells ({:.1f} %) are outside all zones and are NoData.</source>
   <translation>셀 {}개(모두 {}개, {:.1f} %)가 모든 구역 밖에 있어 NoData입니다.</translation>
  </message>
  <message>
   <source>{} of {} cells are landslide cells too</source>
   <translation>셀 {}개(모두 {}개)가 산사태 셀이기도 합니다</translation>
  </message>
  <message>
   <source>{} of {} cells are not compared: {} is NoData there.</source>
   <translation>셀 {1}개 중 {0}개는 비교하지 않습니다. 그곳에서 {2}은(는) NoData입니다.</translation>
  </message>
  <message>
   <source>{} of {} cells of the mask differ, the water table by {:.1f} mm on average and {:.1f} mm at most</source>
   <translation>마스크의 셀 {} / {}개가 다르고, 지하수위는 평균 {:.1f} mm, 최대 {:.1f} mm 다릅니다</translation>
  </message>
  <message>
   <source>{} of {} draws are outside the ranges on which the network was trained.</source>
   <translation>추출 {}회(모두 {}회)가 신경망의 학습 범위 밖입니다.</translation>
  </message>
  <message>
   <source>{} of {} draws took {:.1f} s; all will take about {:.0f} min.</source>
   <translation>추출 {} / {}번에 {:.1f} s가 걸렸습니다. 모두에는 약 {:.0f}분이 걸립니다.</translation>
  </message>
  <message>
   <source>{} of {} features have failed cells.</source>
   <translation>객체 {1}개 중 {0}개에 파괴 셀이 있습니다.</translation>
  </message>
  <message>
   <source>{} of {} landslide cells belong to one landslide: AUC, hit rate and success rate count cells and mostly describe that landslide.</source>
   <translation>산사태 셀 {1}개 중 {0}개가 산사태 하나에 속합니다. AUC, 적중률, 성공률은 셀을 세므로 주로 그 산사태를 나타냅니다.</translation>
  </message>
  <message>
   <source>{} of {} rows are kept in '{}': run again with the same inputs and output folder to continue, or delete that folder.</source>
   <translation>{} / {}개 행이 '{}'에 보관되어 있습니다: 계속하려면 같은 입력과 출력 폴더로 다시 실행하고, 아니면 그 폴더를 지우십시오.</translation>
  </message>
  <message>
   <source>{} of {} rows are outside the ranges on which the network was trained.</source>
   <translation>{} / {}개 행이 신경망의 학습 범위 밖입니다.</translation>
  </message>
  <message>
   <source>{} of {} rows are reused from the run that was stopped.</source>
   <translation>행 {}개(모두 {}개)를 중단된 실행에서 이어받습니다.</translation>
  </message>
  <message>
   <source>{} of {} rows have unlikely values. '{}': {}</source>
   <translation>{} / {}개 행에 있을 법하지 않은 값이 있습니다. '{}': {}</translation>
  </message>
  <message>
   <source>{} of {} sets reach a limit of cohesion or friction angle before FS = 1 separates the landslides best: their masks differ from the mask of this map. Do not use their rows of the table in its place.</source>
   <translation>세트 {}개(전체 {}개 중)는 FS = 1이 산사태를 가장 잘 구분하기 전에 점착력이나 내부마찰각의 한계에 이릅니다. 이 세트의 마스크는 이 지도의 마스크와 다릅니다. 표의 해당 행을 이 지도 대신 사용하지 마십시오.</translation>
  </message>
  <message>
   <source>{} of {} shards exist already.</source>
   <translation>조각 {}개(모두 {}개)가 이미 있습니다.</translation>
  </message>
  <message>
   <source>{} of {} workers run without compiled code (numba): they are slower, and values may differ in the last digits.</source>
   <translation>작업자 {}개(모두 {}개)가 컴파일된 코드(numba) 없이 실행됩니다: 더 느리고, 값의 마지막 자리가 다를 수 있습니다.</translation>
  </message>
  <message>
   <source>{} on {}</source>
   <translation>{} ({})</translation>
  </message>
  <message>
   <source>{} or more</source>
   <translation>{} 이상</translation>
  </message>
  <message>
   <source>{} or more landslides</source>
   <translation>산사태 {}개 이상</translation>
  </message>
  <message>
   <source>{} or more landslides on the elevation model</source>
   <translation>수치표고모델 위의 산사태 {}개 이상</translation>
  </message>
  <message>
   <source>{} parameter sets, {} hydrological simulations: {:.1f} s.</source>
   <translation>매개변수 조합 {}개, 수문 모의 {}회: {:.1f} s.</translation>
  </message>
  <message>
   <source>{} processes cannot divide so few training cases evenly</source>
   <translation>프로세스 {}개가 이렇게 적은 학습 사례를 고르게 나눌 수 없습니다</translation>
  </message>
  <message>
   <source>{} reduces the difference of {} from 1 by {} %.</source>
   <translation>{}은(는) {}의 1과의 차이를 {} % 줄입니다.</translation>
  </message>
  <message>
   <source>{} scenarios from {} study areas (or windows of one), in {} blocks; split {}.</source>
   <translation>시나리오 {}개, 대상 지역(또는 한 지역의 창) {}개, 블록 {}개; 나눔 {}.</translation>
  </message>
  <message>
   <source>{} stable cells with a landslide were counted as landslide cells.</source>
   <translation>안정 셀 {}개에 산사태도 있어 산사태 셀로 보았습니다.</translation>
  </message>
  <message>
   <source>{} stable cells with a landslide were excluded.</source>
   <translation>안정 셀 {}개에는 산사태도 있어 제외했습니다.</translation>
  </message>
  <message>
   <source>{} to {}</source>
   <translation>{} ~ {}</translation>
  </message>
  <message>
   <source>{} was always {} in training</source>
   <translation>{}은(는) 학습에서 항상 {}이었습니다</translation>
  </message>
  <message>
   <source>{} x {} cells of {:g} {}</source>
   <translation>{} x {}개 셀(크기 {:g} {})</translation>
  </message>
  <message>
   <source>{} x {} cells of {} m, {}</source>
   <translation>{} x {} 셀, {} m, {}</translation>
  </message>
  <message>
   <source>{} zones within the elevation model.</source>
   <translation>수치표고모델 안의 구역 {}개.</translation>
  </message>
  <message>
   <source>{} {}</source>
   <translation>{} {}</translation>
  </message>
  <message>
   <source>{} {} Only this table is missing.</source>
   <translation>{} {} 이 표만 빠져 있습니다.</translation>
  </message>
  <message>
   <source>{} {} the folder '{}'</source>
   <translation>{} {} 폴더 '{}'</translation>
  </message>
  <message>
   <source>{}, column '{}'</source>
   <translation>{} '{}' 열</translation>
  </message>
  <message>
   <source>{}, the intensity within the interval, not the total</source>
   <translation>{}, 총량이 아니라 구간 안의 강도</translation>
  </message>
  <message>
   <source>{}, {} cases</source>
   <translation>{}, 사례 {}개</translation>
  </message>
  <message>
   <source>{}, {} steps</source>
   <translation>{}, {}단계</translation>
  </message>
  <message>
   <source>{}, {}: {:.3g} mm/h, c {:.3g} kPa, phi {:.3g} deg; IoU {:.3f}</source>
   <translation>{}, {}: {:.3g} mm/h, c {:.3g} kPa, phi {:.3g} deg; IoU {:.3f}</translation>
  </message>
  <message>
   <source>{}. The U-Net was not run: the first guess has full resolution throughout the event and is not corrected.</source>
   <translation>{}. U-Net은 실행하지 않았습니다: 초기 추정이 사건 전체를 최대 해상도로 계산하여 보정하지 않습니다.</translation>
  </message>
  <message>
   <source>{}. The network cannot be used: {}</source>
   <translation>{}. 신경망을 쓸 수 없습니다: {}</translation>
  </message>
  <message>
   <source>{}. The network was trained on cells of {:g} to {:g} m only.</source>
   <translation>{}. 신경망은 {:g}~{:g} m 셀로만 학습했습니다.</translation>
  </message>
  <message>
   <source>{}: '{}' has several layers with data, and the first is used: '{}'. The others are: {}. To use another one, add |layername= and its name to the path.</source>
   <translation>{}: '{}'에 데이터가 있는 레이어가 여러 개 있어 첫 번째 레이어 '{}'을(를) 사용합니다. 나머지는 다음과 같습니다: {}. 다른 레이어를 사용하려면 경로에 |layername=과 이름을 추가하십시오.</translation>
  </message>
  <message>
   <source>{}: '{}' in column '{}' is read as {}, while other cells are whole numbers. If the point separates thousands, write {}.</source>
   <translation>{}: '{}'(열 '{}')을(를) {}(으)로 읽었지만 다른 셀은 정수입니다. 점이 천 단위 구분 기호이면 {}(으)로 쓰십시오.</translation>
  </message>
  <message>
   <source>{}: '{}' is copied first ({:.1f} GB), to be put back if the table cannot be written. A file of its own is faster.</source>
   <translation>{}: 표를 쓸 수 없을 때 되돌리기 위해 '{}'을(를) 먼저 복사합니다({:.1f} GB). 별도의 파일에 쓰면 더 빠릅니다.</translation>
  </message>
  <message>
   <source>{}: '{}' was made from doubtful inputs: {}</source>
   <translation>{}: '{}'은(는) 의심스러운 입력으로 만들어졌습니다: {}</translation>
  </message>
  <message>
   <source>{}: a '{}' file cuts texts after {} bytes, and some are longer. Choose a GeoPackage to keep them.</source>
   <translation>{}: '{}' 파일은 텍스트를 {}바이트에서 자르며, 더 긴 텍스트가 있습니다. 보존하려면 GeoPackage를 선택하십시오.</translation>
  </message>
  <message>
   <source>{}: a '{}' file states longitudes and latitudes, but the coordinate system is not known. Choose a GeoPackage.</source>
   <translation>{}: '{}' 파일은 경위도 좌표로 표시되지만 좌표계를 알 수 없습니다. GeoPackage를 선택하십시오.</translation>
  </message>
  <message>
   <source>{}: a '{}' file stores no coordinate system here. Choose a GeoPackage to keep it.</source>
   <translation>{}: 이 '{}' 파일에는 좌표계가 저장되지 않습니다. 좌표계를 보존하려면 GeoPackage를 선택하십시오.</translation>
  </message>
  <message>
   <source>{}: a '{}' file stores no shapes, only their attributes. Choose a GeoPackage to keep the shapes.</source>
   <translation>{}: '{}' 파일은 도형 없이 속성만 저장합니다. 도형을 보존하려면 GeoPackage를 선택하십시오.</translation>
  </message>
  <message>
   <source>{}: a susceptibility ranks cells and is not a probability of failure: which cells reach the threshold of {:g} says nothing about failure. Choose a threshold for this map, e.g. the best one that 'Validate with a landslide inventory' finds.</source>
   <translation>{}: 취약성은 셀의 순위를 매길 뿐 파괴 확률이 아닙니다. 임계값 {:g} 이상인 셀이라고 해서 파괴된다는 뜻은 아닙니다. 이 지도에 맞는 임계값을 고르십시오. 예를 들어 '산사태 목록으로 검증'에서 찾은 최적 임계값을 쓸 수 있습니다.</translation>
  </message>
  <message>
   <source>{}: all rows have a rainfall of 0: the map is that without rain.</source>
   <translation>{}: 모든 행의 강우가 0입니다. 지도는 비가 없는 경우의 결과입니다.</translation>
  </message>
  <message>
   <source>{}: all values of '{}' are 1 % or less. Are they parts of 1, which a spreadsheet only shows in per cent? Then replace the % in the title.</source>
   <translation>{}: '{}'의 모든 값이 1 % 이하입니다. 스프레드시트에서 백분율로 표시될 뿐 실제로는 1에 대한 비율입니까? 그렇다면 제목의 %를 바꾸십시오.</translation>
  </message>
  <message>
   <source>{}: band {} of {} is used.</source>
   <translation>{}: 밴드 {}을(를) 씁니다 (모두 {}개).</translation>
  </message>
  <message>
   <source>{}: brought from {} into the raster's coordinate system.</source>
   <translation>{}: {}에서 래스터의 좌표계로 변환했습니다.</translation>
  </message>
  <message>
   <source>{}: column '{}' gives the rain of {} min, but most rows are {:.3g} min long: each is read as that intensity for the whole row, {:.3g} mm in all. Check the unit in the title.</source>
   <translation>{}: 열 '{}'은(는) {}분 동안의 강우량이지만 대부분의 행 길이는 {:.3g}분입니다. 각 값을 행 전체에 걸친 그 강도로 읽으며, 총 {:.3g} mm입니다. 제목의 단위를 확인하십시오.</translation>
  </message>
  <message>
   <source>{}: column '{}' is converted from {} to {}.</source>
   <translation>{}: '{}' 열을 {}에서 {}(으)로 환산했습니다.</translation>
  </message>
  <message>
   <source>{}: column '{}' names no unit and is read as mm/h: {:.3g} mm in all. If its rows of {} hold amounts, these are {:.3g} mm: divide them by the hours of a row. Otherwise write mm/h in the title.</source>
   <translation>{}: 열 '{}'에 단위가 없어 mm/h로 읽습니다. 총 {:.3g} mm입니다. {} 간격의 행이 강우량이라면 총 {:.3g} mm입니다. 이 경우 각 값을 행의 시간(h)으로 나누십시오. 그렇지 않으면 제목에 mm/h를 쓰십시오.</translation>
  </message>
  <message>
   <source>{}: each of the {} parts of its features counts as one.</source>
   <translation>{}: 객체의 {}개 부분을 각각 하나로 셉니다.</translation>
  </message>
  <message>
   <source>{}: features without a geometry are not used ({}).</source>
   <translation>{}: 도형이 없는 객체는 사용하지 않습니다({}개).</translation>
  </message>
  <message>
   <source>{}: field '{}' is converted from {} to {}.</source>
   <translation>{}: '{}' 필드를 {}에서 {}(으)로 환산했습니다.</translation>
  </message>
  <message>
   <source>{}: field '{}' is used as {}, but its name means another quantity.</source>
   <translation>{}: 필드 '{}'을(를) {}(으)로 사용하지만 이름은 다른 양을 뜻합니다.</translation>
  </message>
  <message>
   <source>{}: field '{}' is used as {}, but its name means codes. Are its values quantities in {}?</source>
   <translation>{}: 필드 '{}'을(를) {}(으)로 사용하지만 이름은 코드를 뜻합니다. 값이 {} 단위의 양입니까?</translation>
  </message>
  <message>
   <source>{}: field '{}' is used as {}, but its name means {}.</source>
   <translation>{}: '{}' 필드를 {}(으)로 쓰지만 이름은 {}을(를) 뜻합니다.</translation>
  </message>
  <message>
   <source>{}: field '{}' of {}</source>
   <translation>{0}: {2}의 '{1}' 필드</translation>
  </message>
  <message>
   <source>{}: in {} of {} cells the water table is above the surface; it was lowered to the surface.</source>
   <translation>{}: 셀 {}개(모두 {}개)에서 지하수위가 지표보다 높아 지표까지 낮췄습니다.</translation>
  </message>
  <message>
   <source>{}: in {} of {} cells the water table is above the surface; it was lowered to the surface. Are these elevations or depths below the surface? Heights above bedrock are required.</source>
   <translation>{}: 셀 {}/{}개에서 지하수위가 지표면보다 높아 지표면으로 낮추었습니다. 표고이거나 지표면 아래 깊이입니까? 기반암 위 높이가 필요합니다.</translation>
  </message>
  <message>
   <source>{}: it has {} times, and that of band {} is used: '{}'. For the end of the event, choose the last band in the layer's properties (Symbology), or the factor of safety of the run.</source>
   <translation>{}: 시각이 {}개 있으며 밴드 {}의 시각('{}')을 사용합니다. 강우 사상이 끝난 시점을 보려면 레이어 속성(심볼)에서 마지막 밴드를 고르거나 그 실행의 안전율을 사용하십시오.</translation>
  </message>
  <message>
   <source>{}: it is named '{}'. {}</source>
   <translation>{}: 이름이 '{}'입니다. {}</translation>
  </message>
  <message>
   <source>{}: its band is named '{}'. {}</source>
   <translation>{}: 밴드 이름이 '{}'입니다. {}</translation>
  </message>
  <message>
   <source>{}: its classes do not rise with the danger: '{}' leaves out cells that fail, or counts cells that are stable at the end. See the legend; for the cells that fail use the failure mask.</source>
   <translation>{}: 등급 번호가 위험도 순서가 아닙니다. '{}' 기준은 붕괴하는 셀을 빠뜨리거나 종료 시 안정한 셀을 셉니다. 범례를 확인하고, 붕괴 셀에는 붕괴 마스크를 사용하십시오.</translation>
  </message>
  <message>
   <source>{}: its coordinate system is not set; its coordinates are assumed to be those of the raster.</source>
   <translation>{}: 좌표계가 지정되지 않아 래스터와 같은 좌표로 가정합니다.</translation>
  </message>
  <message>
   <source>{}: its file is compressed with loss ({}), as pictures are: elevations may differ from the original ones, and slopes with them. Use a file that is compressed without loss, such as a GeoTIFF with DEFLATE or LZW.</source>
   <translation>{}: 파일이 사진처럼 손실 압축({})되어 있습니다. 고도가 원본과 다를 수 있으며 경사도 달라집니다. DEFLATE나 LZW를 쓴 GeoTIFF처럼 무손실로 압축한 파일을 사용하십시오.</translation>
  </message>
  <message>
   <source>{}: its file is compressed with loss ({}): elevations may differ from the original ones by up to {:g}, with cells of {:g}, which distorts slopes. Use a file that is compressed without loss, such as a GeoTIFF with DEFLATE or LZW.</source>
   <translation>{}: 파일이 손실 압축({})되어 있습니다. 고도가 원본과 최대 {:g}까지 다를 수 있고 셀 크기는 {:g}이므로 경사가 왜곡됩니다. DEFLATE나 LZW를 쓴 GeoTIFF처럼 무손실로 압축한 파일을 사용하십시오.</translation>
  </message>
  <message>
   <source>{}: its format cannot store all column names; these have another one: {}. Choose a GeoPackage to keep them.</source>
   <translation>{}: 이 형식은 모든 열 이름을 저장할 수 없습니다. 다음 열의 이름이 바뀝니다: {}. 이름을 유지하려면 GeoPackage를 선택하십시오.</translation>
  </message>
  <message>
   <source>{}: its name '{}' has a unit other than {}. Does it contain the required values: {}?</source>
   <translation>{}: 이름 '{}'에 {} 이외의 단위가 있습니다. 필요한 값({})이 들어 있습니까?</translation>
  </message>
  <message>
   <source>{}: its parameter sets were calibrated to landslides with another soil depth ({}; here: {}). Use the soil depth of the calibration (CALIBRATED_SOIL_DEPTH): the sets fit no other.</source>
   <translation>{}: 이 매개변수 조합은 다른 토심으로 산사태에 맞춰 보정되었습니다({}; 여기: {}). 보정에 쓴 토심(CALIBRATED_SOIL_DEPTH)을 사용하십시오. 조합은 다른 토심에는 맞지 않습니다.</translation>
  </message>
  <message>
   <source>{}: its values are the whole numbers from {:g} to {:g}, as in a mask or a map of classes. Does it contain the required values: {}?</source>
   <translation>{}: 값이 {:g}에서 {:g}까지의 정수로, 마스크나 등급도와 같습니다. 필요한 값을 담고 있습니까: {}?</translation>
  </message>
  <message>
   <source>{}: its values are whole numbers from 0 to 255, as in a grey picture. Are they heights in metres? Steps of 1 m distort the slopes of small cells.</source>
   <translation>{}: 값이 회색 영상처럼 0부터 255까지의 정수입니다. 미터 단위의 높이입니까? 1 m 간격의 계단은 작은 셀의 경사를 왜곡합니다.</translation>
  </message>
  <message>
   <source>{}: its values have a colour table or names, as codes of classes have. Does it contain the required values: {}?</source>
   <translation>{}: 분류 코드처럼 값에 색상표나 이름이 있습니다. 필요한 값이 들어 있습니까: {}?</translation>
  </message>
  <message>
   <source>{}: its {} cells with a value are all 1 (failed); the others are NoData. If these are stable, 0 must not be NoData (Layer Properties &gt; Transparency): no stable cell is counted.</source>
   <translation>{}: 값이 있는 셀 {}개가 모두 1(파괴)이고 나머지는 NoData입니다. 나머지가 안정한 셀이라면 0이 NoData여서는 안 됩니다(레이어 속성 &gt; 투명도). 지금은 안정한 셀이 하나도 집계되지 않습니다.</translation>
  </message>
  <message>
   <source>{}: mean IoU {:.6g}, pooled IoU {:.6g}, mean Dice {:.6g}, mean accuracy {:.6g}</source>
   <translation>{}: 평균 IoU {:.6g}, 통합 IoU {:.6g}, 평균 Dice {:.6g}, 평균 정확도 {:.6g}</translation>
  </message>
  <message>
   <source>{}: no name states what it contains, and it rates landslide cells as more stable than others (AUC {:.3f}). Is the kind of map right?</source>
   <translation>{}: 이름으로 내용을 알 수 없고, 산사태 셀을 다른 셀보다 안정한 것으로 평가합니다(AUC {:.3f}). 지도의 종류가 맞습니까?</translation>
  </message>
  <message>
   <source>{}: no name states what it contains, and values from {:g} to {:g} are unusual for a factor of safety. Is it a factor of safety?</source>
   <translation>{}: 이름으로 내용을 알 수 없고, {:g}에서 {:g}까지의 값은 안전율로는 드뭅니다. 안전율이 맞습니까?</translation>
  </message>
  <message>
   <source>{}: no transformation between the datum of its coordinate system and that of the map is known. It may be displaced by several hundred metres. Set its coordinate system by EPSG code (Layer &gt; Set CRS of Layer(s)).</source>
   <translation>{}: 이 레이어 좌표계의 측지계와 지도의 측지계 사이의 변환을 알 수 없습니다. 수백 미터 어긋날 수 있습니다. EPSG 코드로 좌표계를 지정하십시오(레이어 &gt; 레이어의 좌표계 설정).</translation>
  </message>
  <message>
   <source>{}: not defined</source>
   <translation>{}: 정의되지 않음</translation>
  </message>
  <message>
   <source>{}: over time</source>
   <translation>{}: 시간별</translation>
  </message>
  <message>
   <source>{}: probabilities are converted from percent to shares of 1 (x 0.01).</source>
   <translation>{}: 확률을 백분율에서 1에 대한 비율로 변환합니다(x 0.01).</translation>
  </message>
  <message>
   <source>{}: row {} seems to summarize the rows above it, such as their mean or sum, and is used as a scenario too. Delete it if it is none.</source>
   <translation>{}: {}행은 위 행들의 평균이나 합계 같은 요약으로 보이며, 시나리오로도 사용됩니다. 시나리오가 아니면 삭제하십시오.</translation>
  </message>
  <message>
   <source>{}: standard deviation</source>
   <translation>{}: 표준편차</translation>
  </message>
  <message>
   <source>{}: the best sets have {}, mostly outside the searched range of {}, because the strength is scaled until FS = 1 best separates the landslides. The sets describe the fit of the map, not the soil.</source>
   <translation>{}: 가장 좋은 조합들의 값은 {}이고 대부분 탐색 범위 {} 밖에 있습니다. FS = 1이 산사태를 가장 잘 구분하도록 강도를 조정하기 때문입니다. 이 값 조합들은 토질이 아니라 지도의 적합을 나타냅니다.</translation>
  </message>
  <message>
   <source>{}: the best sets have {}, though it is fixed at {}, because the strength is scaled until FS = 1 best separates the landslides. The sets describe the fit of the map, not the soil.</source>
   <translation>{0}: {2}(으)로 고정되어 있으나 최적 세트의 값은 {1}입니다. FS = 1이 산사태를 가장 잘 구분하도록 강도를 조정하기 때문입니다. 이 세트는 지도의 적합도를 나타내며 토양을 나타내지 않습니다.</translation>
  </message>
  <message>
   <source>{}: the connection to {} was lost. Nothing was written. Restart the scheduler and run again.</source>
   <translation>{}: {}와의 연결이 끊어졌습니다. 아무것도 쓰지 않았습니다. 스케줄러를 다시 시작하고 다시 실행하십시오.</translation>
  </message>
  <message>
   <source>{}: the coordinate system of the layer ({}) is not that of its file ({}), and puts it elsewhere. The layer's is used. Setting a coordinate system does not reproject a layer: if the file's is right, set that one (Layer &gt; Set CRS of Layer(s)); if the layer's is right, write it into the file with the tool Assign Projection. If the file was replaced, load it again.</source>
   <translation>{}: 레이어의 좌표계({})가 파일의 좌표계({})와 달라 다른 위치에 놓입니다. 레이어의 좌표계를 사용합니다. 좌표계를 설정해도 레이어가 재투영되지는 않습니다. 파일의 좌표계가 맞으면 그것을 설정하고(레이어 &gt; 레이어 좌표계 설정), 레이어의 좌표계가 맞으면 투영 할당 도구로 파일에 기록하십시오. 파일이 교체되었다면 다시 불러오십시오.</translation>
  </message>
  <message>
   <source>{}: the coordinate system of the layer is in {}, and its values have no unit: they are read as metres. If they are in feet too, convert them with Raster &gt; Raster Calculator.</source>
   <translation>{}: 레이어의 좌표계 단위가 {}이고 값에 단위가 없어 미터로 읽습니다. 값도 피트이면 래스터 &gt; 래스터 계산기로 변환하십시오.</translation>
  </message>
  <message>
   <source>{}: the layer does not use the NoData value of its file ({:g}): cells with it count as values. If they are missing data, tick it in Layer Properties &gt; Transparency.</source>
   <translation>{}: 레이어가 파일의 NoData 값({:g})을 사용하지 않으므로 이 값을 가진 셀도 값으로 처리됩니다. 누락된 자료라면 레이어 속성 &gt; 투명도에서 이 값을 선택하십시오.</translation>
  </message>
  <message>
   <source>{}: the layer's properties multiply its heights by {:g} (Elevation &gt; Scale), and they are read without it. If the values of its file are not in metres, convert them with Raster &gt; Raster Calculator.</source>
   <translation>{}: 레이어 속성이 높이에 {:g}을(를) 곱하지만(표고 &gt; 축척) 여기서는 곱하지 않고 읽습니다. 파일의 값이 미터 단위가 아니면 래스터 &gt; 래스터 계산기로 변환하십시오.</translation>
  </message>
  <message>
   <source>{}: the maximum soil depth is {}, less than {}: no cell can fail. {}</source>
   <translation>{}: 최대 토심이 {}(으)로 {}보다 얕아 파괴될 수 있는 셀이 없습니다. {}</translation>
  </message>
  <message>
   <source>{}: the projection scales lengths here by {:.3g} to {:.3g}, depending on direction: gradients are wrong by up to {:.3g} %.</source>
   <translation>{}: 이 투영은 이곳의 길이를 방향에 따라 실제의 {:.3g} ~ {:.3g}배로 그립니다. 기울기의 오차는 최대 {:.3g} %입니다.</translation>
  </message>
  <message>
   <source>{}: the raster is 0 in {:.0f} % of the cells along the edge of the DEM. If 0 marks missing data there, declare it as NoData in the layer's properties.</source>
   <translation>{}: DEM 가장자리 셀의 {:.0f} %에서 래스터 값이 0입니다. 0이 결측을 뜻하면 레이어 속성에서 NoData로 지정하십시오.</translation>
  </message>
  <message>
   <source>{}: the raster is 0 in {:.3g} % of the cells, where no rain falls, and {} or more in most others, though rainfall fades away gradually. If 0 marks missing data, declare it as NoData in the layer's properties.</source>
   <translation>{}: 셀의 {:.3g} %에서 래스터 값이 0이어서 비가 내리지 않고, 나머지 대부분에서는 {} 이상입니다. 강우는 서서히 약해집니다. 0이 결측을 뜻하면 레이어 속성에서 NoData로 지정하십시오.</translation>
  </message>
  <message>
   <source>{}: the sheet '{}' has cells in a format of elapsed time, such as [h]:mm. They hold days: 24:00 is read as 1. Enter hours as numbers.</source>
   <translation>{}: 시트 '{}'에 [h]:mm과 같은 경과 시간 서식의 셀이 있습니다. 이 셀의 값은 일 단위이므로 24:00을 1로 읽습니다. 시간을 숫자로 입력하십시오.</translation>
  </message>
  <message>
   <source>{}: the sheet '{}' hides {} rows and {} columns, for instance by a filter. They are read as well: delete them, or copy what is visible into a new sheet.</source>
   <translation>{}: 시트 '{}'에 필터 등으로 숨겨진 행 {}개와 열 {}개가 있습니다. 숨겨진 것도 읽습니다. 삭제하거나, 보이는 내용만 새 시트로 복사하십시오.</translation>
  </message>
  <message>
   <source>{}: the standard deviation of {} is less than {:.0%} of the mean of {}. Is it a share of the mean? It must be in {}: a share of {:.3g} is {}.</source>
   <translation>{}: 표준편차 {}이(가) {:.0%} 미만입니다(평균 {} 대비). 평균에 대한 비율입니까? 단위는 {}이어야 하며, 비율 {:.3g}은(는) {}입니다.</translation>
  </message>
  <message>
   <source>{}: the standard deviation of {} is more than {:.0%} of the mean of {}. Is it the variance, or in another unit?</source>
   <translation>{}: 표준편차 {}이(가) 평균의 {:.0%}를 넘습니다(평균 {}). 분산이거나 다른 단위가 아닙니까?</translation>
  </message>
  <message>
   <source>{}: the water table is higher above bedrock on ridges than in hollows, where water gathers. Are the values its depth below the surface? Its height above bedrock is required: the soil depth less this depth.</source>
   <translation>{}: 물이 모이는 오목한 곳보다 능선에서 지하수면이 기반암 위로 더 높습니다. 값이 지표면에서 지하수면까지의 깊이입니까? 기반암에서 지하수면까지의 높이, 즉 토심에서 이 깊이를 뺀 값이 필요합니다.</translation>
  </message>
  <message>
   <source>{}: unknown columns are not used: {}.</source>
   <translation>{}: 알 수 없는 열은 쓰지 않습니다: {}.</translation>
  </message>
  <message>
   <source>{}: warped onto the DEM's cells by its control points.</source>
   <translation>{}: 지상기준점으로 수치표고모델의 셀에 맞게 변환했습니다.</translation>
  </message>
  <message>
   <source>{}: whether its projection preserves lengths could not be determined; slopes may be wrong.</source>
   <translation>{}: 투영이 길이를 보존하는지 알 수 없어 경사가 틀릴 수 있습니다.</translation>
  </message>
  <message>
   <source>{}: {:,} of {:,} cells fail ({:.3g} %), {}.</source>
   <translation>{0}: 셀 {2:,}개 중 {1:,}개 파괴 ({3:.3g} %), {4}.</translation>
  </message>
  <message>
   <source>{}: {:g} m/s ({:g} mm/h) at the median of the raster, {}.</source>
   <translation>{}: 래스터 중앙값 {:g} m/s({:g} mm/h), {}.</translation>
  </message>
  <message>
   <source>{}: {:g} m/s ({:g} mm/h), {}.</source>
   <translation>{}: {:g} m/s({:g} mm/h), {}.</translation>
  </message>
  <message>
   <source>{}: {} are aligned to the DEM's {} by {}</source>
   <translation>{}: {}을(를) DEM의 {}에 맞추었습니다({})</translation>
  </message>
  <message>
   <source>{}: {} are converted from {} to {} (x {:.7g}).</source>
   <translation>{}: {}을(를) {}에서 {}(으)로 환산했습니다 (x {:.7g}).</translation>
  </message>
  <message>
   <source>{}: {} cells, {} of them evaluated.</source>
   <translation>{}: 셀 {}개, 그중 {}개를 평가했습니다.</translation>
  </message>
  <message>
   <source>{}: {} is less than {}: no rain gauge measures so little. {}</source>
   <translation>{}: {}은(는) {}보다 작습니다. 이렇게 적은 비를 재는 우량계는 없습니다. {}</translation>
  </message>
  <message>
   <source>{}: {} is less than {}: {}. {}</source>
   <translation>{}: {}은(는) {}보다 작습니다. {}. {}</translation>
  </message>
  <message>
   <source>{}: {} is more than {}: shallow landslides occur in soils a few metres thick. {}</source>
   <translation>{}: {}은(는) {}보다 깊습니다. 얕은 산사태는 두께 수 m의 토층에서 일어납니다. {}</translation>
  </message>
  <message>
   <source>{}: {} is more than {}: {}. {}</source>
   <translation>{}: {}은(는) {}보다 큽니다. {}. {}</translation>
  </message>
  <message>
   <source>{}: {} is not used: the table has a column for it, with {}.</source>
   <translation>{}: 입력한 {}은(는) 사용되지 않습니다. 표에 해당 열이 있습니다({}).</translation>
  </message>
  <message>
   <source>{}: {} mm of rain in {:.3g} h; the highest rainfalls measured anywhere are about {} mm in that time (WMO). {}</source>
   <translation>{}: {} mm의 비가 {:.3g} h 동안 내립니다. 세계에서 관측된 같은 시간의 최대 강우량은 약 {} mm입니다(WMO). {}</translation>
  </message>
  <message>
   <source>{}: {} of {} features in the area are on cells without a value (NoData), and are not compared.</source>
   <translation>{0}: 영역 안의 객체 {2}개 중 {1}개가 값이 없는 셀(NoData)에 있어 비교에서 제외됩니다.</translation>
  </message>
  <message>
   <source>{}: {} of {} features within the map.</source>
   <translation>{0}: 객체 {2}개 중 {1}개가 지도 안에 있습니다.</translation>
  </message>
  <message>
   <source>{}: {} with a cohesion of {}: are the two swapped, or from an undrained test? Effective values are required; soils with so low an effective friction angle have little effective cohesion.</source>
   <translation>{}: {}, 점착력 {}: 두 값이 바뀌었거나 비배수 시험의 값입니까? 유효응력 값이 필요합니다. 유효 마찰각이 이렇게 낮은 흙은 유효 점착력이 작습니다.</translation>
  </message>
  <message>
   <source>{}: {}, on the grid of the DEM's {}; clipped and padded to the DEM.</source>
   <translation>{}: {}. DEM의 {}과(와) 격자가 일치하며 DEM에 맞추어 자르고 채웠습니다.</translation>
  </message>
  <message>
   <source>{}: {}. Typical values, not measurements of your slope. Source: {}. {}</source>
   <translation>{}: {}. 대표값이며 이 사면의 측정값이 아닙니다. 출처: {}. {}</translation>
  </message>
  <message>
   <source>{}; delete a column that is not needed</source>
   <translation>{}. 필요 없는 열은 지우십시오</translation>
  </message>
  <message>
   <source>{}; divide each amount by the hours in which it falls, and write the unit {} in the title</source>
   <translation>{}. 각 강우량을 그 비가 내린 시간(h)으로 나누고 제목에 단위 {}을(를) 쓰십시오</translation>
  </message>
  <message>
   <source>{}; its cells are shifted {} and {} from those of the DEM.</source>
   <translation>{}; 셀이 DEM의 셀에서 {}, {} 어긋나 있습니다.</translation>
  </message>
  <message>
   <source>{}; its rows are rotated or sheared.</source>
   <translation>{}; 행이 회전되었거나 기울어져 있습니다.</translation>
  </message>
  <message>
   <source>{}; its upper left corner is shifted {} and {} from that of the DEM.</source>
   <translation>{}. 왼쪽 위 모서리가 DEM의 것에서 {}, {} 벗어나 있습니다.</translation>
  </message>
  <message>
   <source>{}; without repeated ones {}</source>
   <translation>{}, 반복된 것을 빼면 {}</translation>
  </message>
  <message>
   <source>{}Comparison: {} (physics engine: {:.2f} s).</source>
   <translation>{}비교: {} (물리 엔진: {:.2f}초).</translation>
  </message>
 </context>
</TS>
